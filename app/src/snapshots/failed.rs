//! In place of what could not be read.

use leptos::prelude::*;

use crate::icon::{Icon, IconName};

/// What failed, why, and the way to try it again.
#[component]
pub(super) fn Failed(
    /// In a few words.
    what: &'static str,
    /// With what is safe.
    why: String,
    again: Callback<()>,
) -> impl IntoView {
    view! {
        <section class="error-panel" role="alert">
            <h3>
                <Icon name=IconName::Warning />
                {what}
            </h3>
            <p>{why}</p>
            <div class="explain-actions">
                <button type="button" class="button button-small" on:click=move |_| again.run(())>
                    "Try again"
                </button>
            </div>
        </section>
    }
}
