//! The save indicator: nothing else than what is true (CTX-7).

mod announce;
mod detail;
mod words;

use holdfast_domain::sync::SaveStatus;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use self::announce::Announcer;
use self::detail::Detail;
pub(crate) use self::words::changes;
use self::words::{code, more, state, text, waiting};
use crate::time::{clock, datetime};

/// The id of the button.
pub(crate) const INDICATOR: &str = "indicator";

/// The button in the top line, with its detail behind it.
#[component]
pub(crate) fn Indicator() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    // Until the journal is read nothing can be said.
    let status = Memo::new(move |_| (!session.loading.get()).then(|| session.status.get()));
    let time = move || match status.get() {
        Some(SaveStatus::Saved { at_ms: Some(at_ms) }) => Some(view! {
            " · "
            <time datetime=datetime(at_ms)>{clock(at_ms)}</time>
        }),
        _ => None,
    };
    view! {
        <button
            type="button"
            class="indicator"
            id=INDICATOR
            data-save-status
            data-testid="save-indicator"
            data-state=move || state(status.get().as_ref())
            data-code=move || code(status.get().as_ref())
            data-waiting=move || status.get().as_ref().map_or(0, waiting).to_string()
            popovertarget="where"
        >
            <span class="indicator-dot" aria-hidden="true"></span>
            <span class="indicator-text">
                {move || text(status.get().as_ref())}
                <span class="indicator-more">{move || more(status.get().as_ref())}</span> {time}
            </span>
        </button>
        <Announcer status=status />
        <Detail status=status />
    }
}
