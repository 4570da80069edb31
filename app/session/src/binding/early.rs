//! What was typed before the program took over becomes edits (CTX-8).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use holdfast_domain::Result;

use super::put;
use crate::browser::{HeldLock, LockRequest, request_lock};
use crate::edit::smallest_edit;
use crate::live::Live;
use crate::shell::Shell;
use crate::typed::{Left, Typed, take_over};

thread_local! {
    /// What this page has looked at, with the locks it waits for: once each, also where something is refused.
    static SEEN: RefCell<BTreeMap<String, Option<HeldLock>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Applies what was typed into this page, where no bound text field does it, and into those before it.
pub(crate) fn apply_early(shell: &Rc<Shell>, live: &Rc<Live>) {
    for typed in take_over() {
        if shell.reactive.has_text(&typed.path) {
            continue;
        }
        if let Err(error) = apply(shell, live, &typed) {
            shell.fail(error);
        }
    }
    take_left(shell);
}

/// Takes what was typed into pages that were gone before their program took over, as soon as they are.
pub(crate) fn take_left(shell: &Rc<Shell>) {
    for left in Left::all(&shell.profile) {
        let unseen = SEEN.with_borrow(|seen| !seen.contains_key(&left.key));
        if unseen && belongs(shell, &left) {
            wait_for(shell, &left);
        }
    }
}

/// A page that is only slow to start has its lock, and applies it itself.
fn wait_for(shell: &Rc<Shell>, left: &Left) {
    let (key, weak) = (left.key.clone(), Rc::downgrade(shell));
    SEEN.with_borrow_mut(|seen| seen.insert(key.clone(), None));
    let is_free = {
        let (left, weak) = (left.clone(), weak.clone());
        move || {
            if let Some(shell) = weak.upgrade() {
                apply_left(&shell, &left);
            }
        }
    };
    match request_lock(&key, LockRequest::Wait, is_free, drop) {
        Some(lock) => drop(SEEN.with_borrow_mut(|seen| seen.insert(key, Some(lock)))),
        // Without locks only the page itself can say that it is gone.
        None if left.read().is_some_and(|aside| aside.left) => apply_left(shell, left),
        None => drop(SEEN.with_borrow_mut(|seen| seen.remove(&key))),
    }
}

/// Whether it goes into the session that is open: it was typed into that one, or into none that there is.
fn belongs(shell: &Shell, left: &Left) -> bool {
    let Some(live) = shell.live() else { return false };
    let Some(session) = left.session else { return true };
    let nowhere = shell.local(session).is_none()
        && (shell.options.session == Some(session) || shell.is_unlisted(session));
    shell.present(session) == live.id || nowhere
}

fn apply_left(shell: &Rc<Shell>, left: &Left) {
    let live = shell.live().filter(|live| live.is_ready() && belongs(shell, left));
    let (key, is_wanted) = (left.key.clone(), live.is_none());
    // Lets go of the lock, once its callback has ended.
    wasm_bindgen_futures::spawn_local(async move {
        SEEN.with_borrow_mut(|seen| {
            let lock = seen.remove(&key).flatten();
            if !is_wanted {
                seen.insert(key, None);
            }
            lock
        });
    });
    let (Some(live), Some(aside)) = (live, left.read()) else { return };
    let mut open = Vec::new();
    for note in &aside.typed {
        match Typed::read(note).map(|typed| apply(shell, &live, &typed)) {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                shell.fail(error);
                open.push(note.clone());
            }
            None => open.push(note.clone()),
        }
    }
    left.keep(&aside.with(open));
}

fn apply(shell: &Shell, live: &Rc<Live>, typed: &Typed) -> Result<()> {
    let is_text =
        typed.is_area() || shell.reactive.has_text(&typed.path) || live.is_text(&typed.path);
    live.made_before(|| match typed.text().filter(|_| is_text) {
        Some(text) => smallest_edit(&typed.rendered, text, None)
            .map_or(Ok(()), |edit| put(live, &typed.path, &edit, &typed.rendered).map(|_| ())),
        // A value that is half typed is none yet.
        None => typed.value().map_or(Ok(()), |value| live.set(&typed.path, value)),
    })
}
