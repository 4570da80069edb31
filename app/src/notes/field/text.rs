//! A line of text that merges character by character.

use holdfast_domain::context::Path;
use holdfast_session::use_session_text;
use leptos::html;
use leptos::prelude::*;

/// The input of a text field.
#[component]
pub(super) fn TextInput(
    /// Of the element.
    id: String,
    /// Of the text.
    path: Path,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    use_session_text(path.clone()).attach_input(node);
    view! { <input class="input" id=id node_ref=node data-path=path.to_string() autocomplete="off" /> }
}
