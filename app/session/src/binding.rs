//! A text field of the page and the text of the context that it shows.

mod early;
mod field;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use holdfast_domain::Result;
use holdfast_domain::context::{Path, TextEdit};
use holdfast_domain::id::{SessionId, TabId};
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

pub(crate) use early::{apply_early, take_left};
pub(crate) use field::Field;

use crate::Notice;
use crate::browser::Listener;
use crate::edit::{moved, rebase, smallest_edit};
use crate::live::Live;
use crate::sessions::copy_of;
use crate::shell::Shell;
use crate::typed::{APPLIED, forget};

/// Keeps a field and a text the same until it is dropped.
pub(crate) struct Binding {
    shell: Weak<Shell>,
    path: Path,
    field: Field,
    /// What the field held when it and the text were last the same.
    last: RefCell<String>,
    /// An input method is composing: the field must not be written.
    composing: Cell<bool>,
    /// What was typed goes into the text, which tells of it as of any change.
    pushing: Cell<bool>,
    /// Nothing of the field went into a text yet: what it holds was typed before the session was there.
    fresh: Cell<bool>,
    /// The session that the field shows.
    shown: RefCell<Option<Shown>>,
    number: Cell<u64>,
    listeners: RefCell<Vec<Listener>>,
}

impl Drop for Binding {
    fn drop(&mut self) {
        if let Some(shell) = self.shell.upgrade() {
            shell.reactive.remove(self.number.get());
            self.hand_over(self.shown.borrow().as_ref());
        }
    }
}

/// Binds a field. `None` for a password, which must not be kept (SEC-8).
pub(crate) fn bind(shell: &Rc<Shell>, path: Path, field: Field) -> Option<Rc<Binding>> {
    if field.is_password() {
        leptos::prelude::Set::set(&shell.signals.notice, Some(Notice::SecretLike { path }));
        return None;
    }
    let applied_before = field.element().has_attribute(APPLIED);
    let last = if applied_before { field.value() } else { field.default_value() };
    let binding = Rc::new(Binding {
        shell: Rc::downgrade(shell),
        path: path.clone(),
        field,
        last: RefCell::new(last),
        composing: Cell::new(false),
        pushing: Cell::new(false),
        fresh: Cell::new(true),
        shown: RefCell::new(shell.live().as_ref().map(Shown::of)),
        number: Cell::new(0),
        listeners: RefCell::default(),
    });
    *binding.listeners.borrow_mut() = binding.listen();
    let weak = Rc::downgrade(&binding);
    let number = shell.reactive.add_text(
        path,
        Rc::new(move |edits| {
            if let Some(binding) = weak.upgrade() {
                binding.sync(edits);
            }
        }),
    );
    binding.number.set(number);
    binding.sync(&[]);
    Some(binding)
}

/// An opening of a session, which may be over.
struct Shown {
    session: SessionId,
    tab: TabId,
    live: Weak<Live>,
}

impl Shown {
    fn of(live: &Rc<Live>) -> Self {
        Self { session: live.id, tab: live.tab, live: Rc::downgrade(live) }
    }

    /// Whether the text of the one that is shown now has nothing to do with it. That of a copy has: who types while
    /// the page turns to it goes on where they were.
    fn is_another_than(&self, live: &Live) -> bool {
        self.tab != live.tab && copy_of(self.session) != live.id
    }
}

impl Binding {
    fn listen(self: &Rc<Self>) -> Vec<Listener> {
        let on = |event: &'static str, act: fn(&Rc<Self>, &Event)| {
            let weak = Rc::downgrade(self);
            Listener::new(self.field.element(), event, move |event| {
                if let Some(binding) = weak.upgrade() {
                    act(&binding, &event);
                }
            })
        };
        vec![
            on("input", |binding, _| binding.sync(&[])),
            on("compositionstart", |binding, _| binding.composing.set(true)),
            on("compositionend", |binding, _| {
                binding.composing.set(false);
                binding.sync(&[]);
            }),
            on("keydown", |binding, event| binding.press(event)),
            on("focus", |binding, _| binding.tell_editing(true)),
            on("blur", |binding, _| binding.tell_editing(false)),
        ]
    }

    fn live(&self) -> Option<Rc<Live>> {
        self.shell.upgrade()?.live()
    }

    /// Makes both the same: what was typed goes into the text, what others changed into the field.
    /// `edits` are what others did to the text just now, where that is known.
    fn sync(&self, edits: &[TextEdit]) {
        // Its own edit would be taken for one of others, and the caret would be moved by it.
        let Some(live) = self.live().filter(|_| !self.pushing.get()) else { return };
        let before = self.shown.replace(Some(Shown::of(&live)));
        if before.as_ref().is_some_and(|before| before.is_another_than(&live)) {
            // What the field holds is not this session's text.
            self.hand_over(before.as_ref());
            self.field.set_value("");
            self.last.borrow_mut().clear();
        }
        // What is typed until then stays in the field and is found there.
        if !live.is_ready() {
            return;
        }
        self.pushing.set(true);
        let pushed = match self.fresh.replace(false) {
            true => live.made_before(|| self.push(&live)),
            false => self.push(&live),
        };
        self.pushing.set(false);
        let typed = match pushed {
            // A text of a megabyte is not read again for each key.
            Ok(Pushed::Same) => return,
            Ok(pushed) => pushed == Pushed::Carried,
            // It stays in the field, to be shortened or copied: with each edit it is tried again.
            Err(error) => {
                if let Some(shell) = self.shell.upgrade() {
                    shell.fail(error);
                }
                return;
            }
        };
        if self.composing.get() {
            return;
        }
        let (before, text) = (self.last.borrow().clone(), live.text(&self.path));
        if before != text {
            let diff = || smallest_edit(&before, &text, None).into_iter().collect();
            let edits = if typed || edits.is_empty() { diff() } else { edits.to_vec() };
            let carried = |position| edits.iter().fold(position, moved);
            self.field.replace_value(&text, carried);
            // As the field has it: it may write line ends in its own way.
            *self.last.borrow_mut() = self.field.value();
        }
    }

    /// Puts what was typed into the text. What is refused counts as not typed yet.
    fn push(&self, live: &Rc<Live>) -> Result<Pushed> {
        let value = self.field.value();
        let edit = smallest_edit(&self.last.borrow(), &value, self.field.caret());
        let Some(edit) = edit else { return Ok(Pushed::Nothing) };
        let pushed = put(live, &self.path, &edit, &self.last.borrow())?;
        self.last.replace(value);
        Ok(pushed)
    }

    /// The field turns to another session, or goes, before this one was read: what was typed into it until
    /// now is in no text yet, and nobody will find it in the field any more.
    fn hand_over(&self, shown: Option<&Shown>) {
        let edit = {
            let (last, value) = (self.last.borrow().clone(), self.field.value());
            smallest_edit(&last, &value, self.field.caret()).map(|edit| (edit, last))
        };
        let Some((edit, last)) = edit else { return };
        let (path, shell) = (self.path.clone(), self.shell.clone());
        let element = self.field.element().clone();
        let apply = move |live: &Rc<Live>| {
            let refused = live.made_before(|| put(live, &path, &edit, &last)).err();
            forget(&element);
            if let (Some(error), Some(shell)) = (refused, shell.upgrade()) {
                shell.fail(error);
            }
        };
        // Part of it was perhaps typed before hydrating.
        let taken = || self.field.element().set_attribute(APPLIED, "").ok();
        match (shown.and_then(|shown| shown.live.upgrade()), self.shell.upgrade()) {
            (Some(live), _) if live.is_ready() => {}
            (Some(live), _) => {
                taken();
                live.when_ready(Box::new(apply));
            }
            // No session is chosen yet: it goes to the one that will be.
            (None, Some(shell)) if shell.live().is_none() => {
                taken();
                shell.edit(Box::new(apply));
            }
            (None, _) => {}
        }
    }

    /// The browser's own undo knows nothing of others' edits.
    fn press(&self, event: &Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        if !(key.ctrl_key() || key.meta_key()) || key.alt_key() || self.composing.get() {
            return;
        }
        let Some(live) = self.live() else { return };
        match (key.key().to_ascii_lowercase().as_str(), key.shift_key()) {
            ("z", false) => live.undo(),
            ("z", true) | ("y", false) => live.redo(),
            _ => return,
        }
        event.prevent_default();
    }

    fn tell_editing(&self, editing: bool) {
        if let Some(live) = self.live() {
            let path = editing.then(|| self.path.to_string());
            live.change_presence(|me| me.editing = path);
        }
    }
}

/// What became of what was typed.
#[derive(PartialEq, Eq)]
enum Pushed {
    /// There was nothing.
    Nothing,
    /// The text reads what the field holds.
    Same,
    /// Others had changed the text meanwhile.
    Carried,
}

/// Puts an edit that was made in a field, which held `last` before, into the text.
fn put(live: &Rc<Live>, path: &Path, edit: &TextEdit, last: &str) -> Result<Pushed> {
    let mut text = live.text(path);
    if text.contains('\r') {
        // A field shows \r\n as \n: offsets would not be the same in both.
        text = text.replace("\r\n", "\n").replace('\r', "\n");
        live.set_text(path, &text)?;
    }
    if text == last {
        live.edit_text(path, edit)?;
        return Ok(Pushed::Same);
    }
    rebase(edit, last, &text).iter().try_for_each(|edit| live.edit_text(path, edit))?;
    Ok(Pushed::Carried)
}
