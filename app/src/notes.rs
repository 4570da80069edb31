//! Notes: the long text, and the fields a person adds beside it.

mod text;

use leptos::prelude::*;

use self::text::LongText;

/// The part of a session that opens first.
#[component]
pub(crate) fn Notes() -> impl IntoView {
    view! {
        <div class="notes">
            <h2 class="visually-hidden">"Notes"</h2>
            <LongText />
        </div>
    }
}
