//! The name of the session, and the others.

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

/// Rename, make another, go to one.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let said = RwSignal::new(String::new());
    let rename = move |event| match session.rename(&event_target_value(&event)) {
        Ok(()) => said.set(String::new()),
        Err(error) => said.set(error.to_string()),
    };
    let row = move |id, name| {
        let current = move || (session.id.get() == Some(id)).then_some("true");
        view! {
            <li>
                <button
                    type="button"
                    class="button"
                    aria-current=current
                    on:click=move |_| session.switch(id)
                >
                    {name}
                </button>
            </li>
        }
    };
    view! {
        <p>
            <label for="name">"Name "</label>
            <input
                class="input"
                id="name"
                autocomplete="off"
                maxlength="255"
                prop:value=move || session.name.get()
                on:change=rename
            />
        </p>
        <p role="status">{move || said.get()}</p>
        <h2 id="sessions">"All sessions"</h2>
        <ul class="example-actions" aria-labelledby="sessions">
            <For
                each=move || session.sessions.get()
                key=|summary| (summary.id, summary.name.clone())
                children=move |summary| row(summary.id, summary.name)
            />
        </ul>
        <p class="example-actions">
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    session.create(Some("Another list".into()));
                }
            >
                "Make another"
            </button>
            <button type="button" class="button" on:click=move |_| session.refresh()>
                "Look again"
            </button>
        </p>
    }
}
