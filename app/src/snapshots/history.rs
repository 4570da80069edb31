//! All snapshots, by day.

use leptos::prelude::*;

/// The part of a session that shows its snapshots.
#[component]
pub(crate) fn History() -> impl IntoView {
    view! {
        <div class="history">
            <div class="history-head">
                <div>
                    <h2>"Snapshots"</h2>
                    <p>"Kept 30 days; pinned ones until you unpin them."</p>
                </div>
            </div>
        </div>
    }
}
