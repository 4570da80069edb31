//! The long text.

use holdfast_domain::context::Path;
use holdfast_session::{SessionOptions, use_session, use_session_text};
use leptos::html;
use leptos::prelude::*;

use super::mirror::{Mirror, scroll};
use super::selection::keep_selection;
use crate::first::use_first_content;

/// The key of the text in the context.
pub(crate) const TEXT: &str = "notes";

/// Its path.
pub(super) fn path() -> Option<Path> {
    Path::from_keys([TEXT]).ok()
}

/// What it reads.
pub(super) fn use_notes() -> Signal<String> {
    path().map_or_else(Signal::default, |path| use_session_text(path).value)
}

/// A text area that grows with its text.
#[component]
pub(super) fn LongText(
    /// What it reads.
    text: Signal<String>,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let node = NodeRef::<html::Textarea>::new();
    let layer = NodeRef::<html::Div>::new();
    if let Some(path) = path() {
        use_session_text(path).attach(node);
    }
    let selected = keep_selection(node);
    view! {
        <div class="document">
            <label class="visually-hidden" for="notes">
                "Text"
            </label>
            <Mirror text=text area=node layer=layer />
            <textarea
                class="document-text"
                id="notes"
                node_ref=node
                data-path="/notes"
                spellcheck="true"
                autocomplete="off"
                placeholder="Write here"
                readonly=move || session.state.get().is_read_only()
                inner_html=use_first_content().text
                on:focus=move |_| {
                    session.set_editing(path().as_ref());
                    selected();
                }
                on:blur=move |_| {
                    session.set_editing(None);
                    selected();
                }
                on:keyup=move |_| selected()
                on:pointerup=move |_| selected()
                on:scroll=move |_| scroll(node, layer)
            />
        </div>
    }
}
