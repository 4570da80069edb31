//! The right column.

use leptos::prelude::*;

/// People, tabs and recent snapshots.
#[component]
pub(crate) fn Panel() -> impl IntoView {
    view! { <aside class="panel" id="panel" popover aria-label="People, tabs and snapshots"></aside> }
}
