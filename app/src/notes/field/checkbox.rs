//! Yes or no.

use holdfast_domain::context::Path;
use holdfast_session::use_session_value;
use leptos::prelude::*;

/// The input of a checkbox field.
#[component]
pub(super) fn CheckboxInput(
    /// Of the element.
    id: String,
    /// Of the value.
    path: Path,
    /// The field's name.
    label: String,
) -> impl IntoView {
    let (checked, write) = use_session_value(path.as_str(), false);
    let of = id.clone();
    view! {
        <label class="check field-check" for=of>
            <input
                type="checkbox"
                id=id
                aria-label=label
                data-path=path.to_string()
                prop:checked=move || checked.get()
                on:change=move |event| write.run(event_target_checked(&event))
            />
            {move || if checked.get() { "Yes" } else { "No" }}
        </label>
    }
}
