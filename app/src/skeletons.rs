//! In place of what is being read.

use leptos::prelude::*;

/// Three grey lines.
#[component]
pub(crate) fn Skeletons() -> impl IntoView {
    view! {
        <div class="skeletons" role="status" aria-label="Loading">
            <span class="skeleton"></span>
            <span class="skeleton" data-size="medium"></span>
            <span class="skeleton" data-size="short"></span>
        </div>
    }
}
