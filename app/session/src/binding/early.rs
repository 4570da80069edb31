//! What was typed before the program took over becomes edits (CTX-8).

use std::rc::Rc;

use holdfast_domain::Result;

use super::put;
use crate::browser::with_free_lock;
use crate::edit::smallest_edit;
use crate::live::Live;
use crate::shell::Shell;
use crate::typed::{Left, Typed, take_over};

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
    apply_left(shell, live);
}

/// Applies what was typed into pages that were gone before their program took over.
pub(crate) fn apply_left(shell: &Rc<Shell>, live: &Rc<Live>) {
    // What the address named and is nowhere: what was meant for it goes on in what opened in its place.
    let nowhere = shell.options.session.filter(|asked| shell.local(*asked).is_none());
    let of = |session| Left::of(session).into_iter();
    let left =
        of(Some(live.id)).chain(of(None)).chain(nowhere.into_iter().flat_map(|id| of(Some(id))));
    for left in left {
        let (shell, live) = (shell.clone(), live.clone());
        // A page that is only slow to start has its lock, and applies it itself.
        with_free_lock(&left.key.clone(), async move {
            if !live.is_ready() || !shell.shows(&live) {
                return;
            }
            let mut refused = Vec::new();
            for typed in left.read() {
                if let Err(error) = apply(&shell, &live, &typed) {
                    shell.fail(error);
                    refused.push(typed);
                }
            }
            left.keep(refused);
        });
    }
}

fn apply(shell: &Shell, live: &Rc<Live>, typed: &Typed) -> Result<()> {
    let is_text =
        typed.is_area() || shell.reactive.has_text(&typed.path) || live.is_text(&typed.path);
    match typed.text().filter(|_| is_text) {
        Some(text) => smallest_edit(&typed.rendered, text, None)
            .map_or(Ok(()), |edit| put(live, &typed.path, &edit, &typed.rendered).map(|_| ())),
        None => typed.value().map_or(Ok(()), |value| live.set(&typed.path, value)),
    }
}
