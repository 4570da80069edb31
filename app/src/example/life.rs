//! The life of a session: used, linked with a mission, completed.

use holdfast_domain::session::SessionState;
use holdfast_session::{SessionOptions, use_session, use_view_state};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// What the server is told about the session as a whole.
#[component]
pub(super) fn Life() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let said = RwSignal::new(String::new());
    // On this device only, and there again after a reload: what is half typed is nobody else's.
    let (mission, set_mission) = use_view_state("mission", String::new());
    let state = move || match session.state.get() {
        SessionState::Active => "Active",
        SessionState::Completed => "Completed",
        SessionState::Abandoned => "Abandoned",
        SessionState::Archived => "Archived",
        SessionState::Deleted => "Deleted",
    };
    let link = move |_| {
        let Ok(mission) = mission.get_untracked().trim().parse::<Uuid>() else {
            said.set("That is no id of a mission".into());
            return;
        };
        spawn_local(async move {
            match session.link_mission(mission).await {
                Ok(()) => said.set("Linked".into()),
                Err(error) => said.set(error.to_string()),
            }
        });
    };
    let complete = move |_| {
        spawn_local(async move {
            match session.complete().await {
                Ok(()) => said.set("Done".into()),
                Err(error) => said.set(error.to_string()),
            }
        });
    };
    view! {
        <h2>"This session"</h2>
        <p data-testid="state">{state}</p>
        <p>
            <label for="mission">"Mission "</label>
            <input
                class="input"
                id="mission"
                autocomplete="off"
                placeholder="019a0000-0000-7000-8000-000000000001"
                prop:value=move || mission.get()
                on:input=move |event| set_mission.run(event_target_value(&event))
            />
        </p>
        <p class="example-actions">
            <button type="button" class="button" on:click=link>
                "Link the mission"
            </button>
            <button type="button" class="button" on:click=move |_| session.touch()>
                "I am still here"
            </button>
            <button type="button" class="button" on:click=complete>
                "Complete"
            </button>
        </p>
        <p role="status">{move || said.get()}</p>
    }
}
