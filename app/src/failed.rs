//! In place of what could not be read.

use holdfast_domain::Error;
use leptos::prelude::*;

use crate::icon::{Icon, IconName};

/// What failed, why, and the way to try it again.
#[component]
pub(crate) fn Failed(
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

/// Why something did not work, and that nothing is lost by it.
pub(crate) fn reason(error: &Error) -> String {
    let why = match error {
        Error::Unavailable => "The server does not answer.".into(),
        Error::NotFound => "It is not there any more.".into(),
        error => error.to_string(),
    };
    format!("{why} Your work is as it was.")
}
