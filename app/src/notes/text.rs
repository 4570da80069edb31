//! The long text.

use holdfast_domain::context::Path;
use holdfast_session::use_session_text;
use leptos::html;
use leptos::prelude::*;

/// Where it is in the context.
const PATH: &str = "/notes";

/// A text area that grows with its text.
#[component]
pub(super) fn LongText() -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    if let Ok(path) = PATH.parse::<Path>() {
        use_session_text(path).attach(node);
    }
    view! {
        <div class="document">
            <label class="visually-hidden" for="notes">
                "Text"
            </label>
            <textarea
                class="document-text"
                id="notes"
                node_ref=node
                data-path=PATH
                spellcheck="true"
                placeholder="Write here"
            ></textarea>
        </div>
    }
}
