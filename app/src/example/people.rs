//! A value of the context as a signal, and a callback that writes it; and one for all sessions.

use holdfast_session::{SessionOptions, use_session, use_session_value};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

/// How many people eat, and what they never do, which is the same on every list.
#[component]
pub(super) fn People() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (people, set_people) = use_session_value("people", 2_u32);
    let (diet, set_diet) = use_session_value("diet", String::new());
    let said = RwSignal::new(String::new());
    let share = move |_| {
        let value = json!(diet.get_untracked());
        spawn_local(async move {
            match session.share_context("diet", value).await {
                Ok(sessions) => said.set(format!("Lists that have it: {sessions}")),
                Err(error) => said.set(error.to_string()),
            }
        });
    };
    view! {
        <p>
            <label for="people">"For how many people? "</label>
            <input
                class="input"
                id="people"
                type="number"
                min="1"
                autocomplete="off"
                data-path="/people"
                prop:value=move || people.get()
                on:input=move |event| {
                    if let Ok(number) = event_target_value(&event).parse() {
                        set_people.run(number);
                    }
                }
            />
        </p>
        <p>
            <label for="diet">"What nobody eats "</label>
            <input
                class="input"
                id="diet"
                autocomplete="off"
                data-path="/diet"
                prop:value=move || diet.get()
                on:input=move |event| set_diet.run(event_target_value(&event))
            />
        </p>
        <p class="example-actions">
            <button type="button" class="button" on:click=share>
                "Write it into all my lists"
            </button>
        </p>
        <p role="status">{move || said.get()}</p>
    }
}
