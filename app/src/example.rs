//! `/example`: the session layer as a page of somebody else's would use it. This file needs nothing of
//! Holdfast's own page; `README.md` and `docs/SESSION_MANAGEMENT.md` explain it line by line.

use std::sync::Arc;
use std::time::Duration;

use holdfast_domain::context::Path;
use holdfast_domain::sync::SaveStatus;
use holdfast_session::{
    SessionOptions, provide_session, provide_transport, use_session, use_session_text,
    use_session_value,
};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

use crate::transport::ServerFunctions;

/// A shopping list that survives everything.
#[component]
pub(crate) fn Example() -> impl IntoView {
    // Once, near the root: how to reach the server, and the session of this page.
    provide_transport(Arc::new(ServerFunctions));
    let session = provide_session(SessionOptions {
        autosave_interval: Duration::from_secs(30),
        default_name: "Shopping".into(),
        ..SessionOptions::default()
    });

    // A value of the context as a signal, and a callback that writes it.
    let (people, set_people) = use_session_value("people", 2_u32);
    let status = move || match session.status.get() {
        SaveStatus::Saving { .. } => "Saving…",
        SaveStatus::OnDevice { .. } => "On this device",
        SaveStatus::Saved { .. } => "Saved",
        SaveStatus::Offline { .. } => "Offline - on this device",
        SaveStatus::NotSaved { .. } => "Not saved",
    };
    // Who changed what; until this component is gone.
    let last = RwSignal::new(String::from("nothing yet"));
    session.on_change(move |change| last.set(format!("{:?}: {:?}", change.origin, change.paths)));
    view! {
        <main class="example" data-ready=move || (!session.loading.get()).to_string()>
            <h1>"The session layer in a page of its own"</h1>
            <p>
                "Reload, close the tab, stop the server: what you write here stays, in the session that was open last. The source of this page is "
                <code>"app/src/example.rs"</code> "."
            </p>
            <p role="status" data-testid="status">
                {status}
            </p>
            <Items />
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
            <Actions />
            <h2>"Last change"</h2>
            <p data-testid="last-change">{move || last.get()}</p>
            <h2>"The whole context"</h2>
            <pre data-testid="context">{move || format!("{:#}", session.context.get())}</pre>
        </main>
    }
    .into_any()
}

/// A text that several tabs can type into at once.
#[component]
fn Items() -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    if let Ok(path) = Path::from_keys(["items"]) {
        use_session_text(path).attach(node);
    }
    view! {
        <p>
            <label for="items">"What to buy"</label>
        </p>
        <textarea class="input" id="items" rows="5" autocomplete="off" node_ref=node data-path="/items"></textarea>
    }
    .into_any()
}

/// What can be done with a session besides editing it.
#[component]
fn Actions() -> impl IntoView {
    // The same session as above: it is found in Leptos' context.
    let session = use_session(SessionOptions::default());
    let said = RwSignal::new(String::new());
    let tick_off = move |_| {
        // A JSON merge patch (RFC 7396).
        match session.update_context(&json!({ "done": true })) {
            Ok(()) => said.set("Ticked off".into()),
            Err(error) => said.set(error.to_string()),
        }
    };
    let snapshot = move |_| {
        session.create_snapshot(Some("Before going shopping".into()));
        said.set("Snapshot taken".into());
    };
    let restore = move |_| {
        let newest = session.snapshots.get_untracked().into_iter().next();
        spawn_local(async move {
            let Some(snapshot) = newest else {
                said.set("There is no snapshot yet".into());
                return;
            };
            match session.restore_snapshot(snapshot.id).await {
                Ok(restored) => said.set(format!("{} restored", restored.changed)),
                Err(error) => said.set(error.to_string()),
            }
        });
    };
    view! {
        <p class="example-actions">
            <button type="button" class="button" on:click=tick_off>
                "Tick off"
            </button>
            <button type="button" class="button" on:click=snapshot>
                "Take a snapshot"
            </button>
            <button type="button" class="button" on:click=restore>
                "Restore it"
            </button>
            <button type="button" class="button" on:click=move |_| session.undo()>
                "Undo"
            </button>
            <button type="button" class="button" on:click=move |_| session.save_now()>
                "Save now"
            </button>
        </p>
        <p role="status">{move || said.get()}</p>
    }
    .into_any()
}
