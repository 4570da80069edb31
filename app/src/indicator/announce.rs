//! Says changes of the indicator to who cannot see it, but not with every key.

use std::time::Duration;

use holdfast_domain::sync::SaveStatus;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::words::{state, text};

/// A state that lasts this long is worth a word.
const HOLDS: Duration = Duration::from_secs(1);

/// The polite live region.
#[component]
pub(super) fn Announcer(
    /// What the indicator shows.
    status: Memo<Option<SaveStatus>>,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let kind = Memo::new(move |_| status.with(|status| state(status.as_ref())));
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let kind = kind.get();
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        let words = match status.get_untracked() {
            Some(SaveStatus::NotSaved { reason, .. }) => reason,
            ref other => text(other.as_ref()).to_owned(),
        };
        let at_once = matches!(kind, "offline" | "not-saved");
        let after = if at_once { Duration::ZERO } else { HOLDS };
        let say = move || {
            said.try_set(words);
        };
        waiting.set_value(set_timeout_with_handle(say, after).ok());
    });
    view! {
        <p
            class="visually-hidden"
            role="status"
            aria-live="polite"
            data-save-status
        >
            {move || said.get()}
        </p>
    }
}
