//! A text field of the page and the text of the context that it shows.

mod field;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use holdfast_domain::context::{Path, TextEdit};
use holdfast_domain::id::TabId;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

pub(crate) use field::Field;

use crate::Notice;
use crate::browser::Listener;
use crate::edit::{applied, moved, rebase, smallest_edit};
use crate::live::Live;
use crate::shell::Shell;
use crate::typed::take_captured;

/// Marks a field whose early typing is in the context already.
const APPLIED: &str = "data-typed-applied";

/// Keeps a field and a text the same until it is dropped.
pub(crate) struct Binding {
    shell: Weak<Shell>,
    path: Path,
    field: Field,
    /// What the field held when it and the text were last the same.
    last: RefCell<String>,
    /// An input method is composing: the field must not be written.
    composing: Cell<bool>,
    opening: Cell<Option<TabId>>,
    number: Cell<u64>,
    listeners: RefCell<Vec<Listener>>,
}

impl Drop for Binding {
    fn drop(&mut self) {
        if let Some(shell) = self.shell.upgrade() {
            shell.reactive.remove(self.number.get());
            self.hand_over(&shell);
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
        opening: Cell::new(shell.live().map(|live| live.tab)),
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
        let Some(live) = self.live() else { return };
        if self.opening.replace(Some(live.tab)).is_some_and(|tab| tab != live.tab) {
            // Another session: what the field holds is not its text.
            self.field.set_value("");
            self.last.borrow_mut().clear();
        }
        // What is typed until then stays in the field and is found there.
        if !live.is_ready() {
            return;
        }
        let typed = self.push(&live);
        if self.composing.get() {
            return;
        }
        let text = live.text(&self.path);
        let before = self.field.value();
        if before != text {
            let diff = || smallest_edit(&before, &text, None).into_iter().collect();
            let edits = if typed || edits.is_empty() { diff() } else { edits.to_vec() };
            let carried = |position| edits.iter().fold(position, moved);
            self.field.replace_value(&text, carried);
        }
        // As the field has it: it may write line ends in its own way.
        *self.last.borrow_mut() = self.field.value();
    }

    /// Puts what was typed into the text; whether there was anything.
    fn push(&self, live: &Rc<Live>) -> bool {
        let value = self.field.value();
        let last = self.last.replace(value.clone());
        let caret = self.field.caret();
        let Some(edit) = smallest_edit(&last, &value, caret) else { return false };
        let mut text = live.text(&self.path);
        if text.contains('\r') {
            // A field shows \r\n as \n: offsets would not be the same in both.
            text = text.replace("\r\n", "\n").replace('\r', "\n");
            live.set_text(&self.path, &text).ok();
        }
        for edit in rebase(&edit, &last, &text) {
            let edited = live.edit_text(&self.path, &edit);
            if let (Err(error), Some(shell)) = (edited, self.shell.upgrade()) {
                leptos::prelude::Set::set(&shell.signals.error, Some(error));
            }
        }
        true
    }

    /// The field is gone before the session was read: what was typed into it until now is in no text
    /// yet, and nobody will find it in the field any more.
    fn hand_over(&self, shell: &Shell) {
        let opening = shell.live();
        let another = |tab: TabId| self.opening.get().is_some_and(|opening| opening != tab);
        if opening.is_some_and(|live| live.is_ready() || another(live.tab)) {
            return;
        }
        let (last, value) = (self.last.take(), self.field.value());
        let Some(edit) = smallest_edit(&last, &value, self.field.caret()) else { return };
        // Part of it was perhaps captured before hydrating.
        self.field.element().set_attribute(APPLIED, "").ok();
        let path = self.path.clone();
        shell.edit(Box::new(move |live| {
            for edit in rebase(&edit, &last, &live.text(&path)) {
                live.edit_text(&path, &edit).ok();
            }
        }));
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

/// Applies what was typed before the page was hydrated, where no bound text field does it (CTX-8).
pub(crate) fn apply_captured(shell: &Rc<Shell>, live: &Rc<Live>) {
    for typed in take_captured() {
        if shell.reactive.has_text(&typed.path) || typed.element.has_attribute(APPLIED) {
            continue;
        }
        let text = typed.text().filter(|_| live.is_text(&typed.path));
        let value = match text {
            Some(text) => {
                let now = live.text(&typed.path);
                let edit = smallest_edit(&typed.rendered, text, None);
                let edits =
                    edit.map(|edit| rebase(&edit, &typed.rendered, &now)).unwrap_or_default();
                let carried = edits.iter().try_fold(now, |text, edit| applied(&text, edit));
                carried.map(Value::String)
            }
            None => typed.value(),
        };
        let Some(value) = value else { continue };
        typed.element.set_attribute(APPLIED, "").ok();
        if let Err(error) = live.set(&typed.path, value) {
            leptos::prelude::Set::set(&shell.signals.error, Some(error));
        }
    }
}
