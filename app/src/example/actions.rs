//! What can be done with a context besides writing into it.

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

/// Patch, snapshot, restore, undo, reset, save.
#[component]
pub(super) fn Actions() -> impl IntoView {
    // The same session as above: it is found in Leptos' context.
    let session = use_session(SessionOptions::default());
    let said = RwSignal::new(String::new());
    let cleared = RwSignal::new(None);
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
    let clear = move |_| match session.reset(true) {
        Ok(undo) => cleared.set(Some(undo)),
        Err(error) => said.set(error.to_string()),
    };
    let put_back = move |_| {
        if let Some(Err(error)) = cleared.write().take().map(|undo| session.undo_reset(undo)) {
            said.set(error.to_string());
        }
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
            <button
                type="button"
                class="button"
                disabled=move || !session.can_undo.get()
                on:click=move |_| session.undo()
            >
                "Undo"
            </button>
            <button
                type="button"
                class="button"
                disabled=move || !session.can_redo.get()
                on:click=move |_| session.redo()
            >
                "Redo"
            </button>
            <button type="button" class="button" on:click=clear>
                "Clear the list"
            </button>
            <button
                type="button"
                class="button"
                disabled=move || cleared.read().is_none()
                on:click=put_back
            >
                "Put it back"
            </button>
            <button type="button" class="button" on:click=move |_| session.save_now()>
                "Save now"
            </button>
        </p>
        <p role="status">{move || said.get()}</p>
    }
}
