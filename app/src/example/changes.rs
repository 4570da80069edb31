//! What changed, and all there is.

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

/// The last change and the whole context.
#[component]
pub(super) fn Changes() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    // Who changed what; until this component is gone.
    let last = RwSignal::new(String::from("nothing yet"));
    session.on_change(move |change| last.set(format!("{:?}: {:?}", change.origin, change.paths)));
    view! {
        <h2>"Last change"</h2>
        <p data-testid="last-change">{move || last.get()}</p>
        <h2>"The whole context"</h2>
        <pre data-testid="context">{move || format!("{:#}", session.context.get())}</pre>
    }
}
