//! Text fields that merge character by character and keep their caret.

use holdfast_domain::context::Path;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;

use crate::{SessionOptions, UseSession, use_session};

/// A text of the context, and its binding to fields of the page.
#[derive(Clone, Copy)]
pub struct UseSessionText {
    /// What it reads; empty while there is none.
    pub value: Signal<String>,
    path: StoredValue<Path>,
    session: UseSession,
}

/// The text at `path`, which is created by the first edit.
pub fn use_session_text(path: Path) -> UseSessionText {
    let session = use_session(SessionOptions::default());
    let reading = path.clone();
    let value = Memo::new(move |_| match session.get(&reading) {
        Some(serde_json::Value::String(text)) => text,
        _ => String::new(),
    });
    UseSessionText { value: value.into(), path: StoredValue::new(path), session }
}

impl UseSessionText {
    /// Binds a `<textarea>`: what is typed becomes edits of the text, others' edits appear without
    /// moving the caret, Ctrl/Cmd+Z undoes this tab's edits. The element must have no `prop:value`
    /// of its own, and `autocomplete="off"`: what the browser puts back by itself looks like typing.
    /// Its initial content, if the server renders any, stands between its tags.
    pub fn attach(&self, node: NodeRef<Textarea>) {
        self.session.handle.attach_area(self.path.get_value(), node);
    }

    /// Binds an `<input>` of a textual type, likewise. A password input is never bound.
    pub fn attach_input(&self, node: NodeRef<Input>) {
        self.session.handle.attach_input(self.path.get_value(), node);
    }
}
