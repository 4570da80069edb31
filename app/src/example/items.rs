//! A text that several tabs can type into at once.

use holdfast_domain::context::Path;
use holdfast_session::use_session_text;
use leptos::html;
use leptos::prelude::*;

/// The list itself, at `/items` of the context.
#[component]
pub(super) fn Items() -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    if let Ok(path) = Path::from_keys(["items"]) {
        use_session_text(path).attach(node);
    }
    view! {
        <p>
            <label for="items">"What to buy"</label>
        </p>
        <textarea class="input" id="items" rows="5" autocomplete="off" node_ref=node data-path="/items"></textarea>
    }
}
