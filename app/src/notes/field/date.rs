//! A day, `2026-06-14` in the context.

use holdfast_domain::context::Path;
use holdfast_session::use_session_value;
use leptos::prelude::*;

/// The input of a date field.
#[component]
pub(super) fn DateInput(
    /// Of the element.
    id: String,
    /// Of the value.
    path: Path,
) -> impl IntoView {
    let (value, write) = use_session_value(path.as_str(), None::<String>);
    view! {
        <input
            class="input"
            id=id
            type="date"
            data-path=path.to_string()
            prop:value=move || value.get().unwrap_or_default()
            on:change=move |event| {
                let day = event_target_value(&event);
                write.run((!day.is_empty()).then_some(day));
            }
        />
    }
}
