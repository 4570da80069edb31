//! `/example`: the session layer as a page of somebody else's would use it. Nothing here or in the files
//! beside it needs Holdfast's own page; `README.md` and `docs/SESSION_MANAGEMENT.md` explain it.

mod actions;
mod changes;
mod items;
mod life;
mod people;
mod sessions;

use std::sync::Arc;
use std::time::Duration;

use crate::on_page::own_page;
use holdfast_domain::sync::SaveStatus;
use holdfast_session::{SessionOptions, UseSession, provide_session, provide_transport};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::actions::Actions;
use self::changes::Changes;
use self::items::Items;
use self::life::Life;
use self::people::People;
use self::sessions::Sessions;
use crate::transport::ServerFunctions;

/// A shopping list that survives everything.
#[component]
pub(crate) fn Example() -> impl IntoView {
    // Once, near the root: how to reach the server, and the session of this page.
    provide_transport(Arc::new(ServerFunctions));
    let session = provide_session(SessionOptions {
        autosave_interval: Duration::from_secs(30),
        restore_on_mount: is_on("restore_on_mount"),
        sync_on_mount: is_on("sync_on_mount"),
        page_of: own_page(),
        default_name: "Shopping".into(),
        ..SessionOptions::default()
    });
    view! {
        <main class="example" data-ready=move || (!session.loading.get()).to_string()>
            <h1>"The session layer in a page of its own"</h1>
            <p>
                "Reload, close the tab, stop the server: what you write here stays, in the session that was open last. The source of this page is "
                <code>"app/src/example.rs"</code> " and what is beside it."
            </p>
            <Status session=session />
            <Items />
            <People />
            <Actions />
            <Life />
            <Sessions />
            <Changes />
        </main>
    }
}

/// On unless the address says otherwise: `/example?sync_on_mount=false`.
fn is_on(option: &str) -> bool {
    use_query_map().with_untracked(|query| query.get_str(option) != Some("false"))
}

/// Where the work is, what this tab is, and what went wrong.
#[component]
fn Status(session: UseSession) -> impl IntoView {
    let status = move || match session.status.get() {
        SaveStatus::Saving { .. } => "Saving…",
        SaveStatus::OnDevice { .. } => "On this device",
        SaveStatus::Saved { .. } => "Saved",
        SaveStatus::Offline { .. } => "Offline - on this device",
        SaveStatus::NotSaved { .. } => "Not saved",
    };
    let tabs = move || match session.tabs.get().len() {
        0 | 1 => "in this tab only".to_owned(),
        tabs => format!("in {tabs} tabs"),
    };
    let leads = move || match session.leads.get() {
        true => "this one speaks with the server",
        false => "this one does not speak with the server",
    };
    let wrong = move || {
        let error = session.error.get().map(|error| error.to_string());
        error.or_else(|| session.notice.get().map(|notice| format!("{notice:?}")))
    };
    view! {
        // After a panic the session layer writes *Not saved* into every `data-save-status`.
        <p role="status" data-save-status data-testid="save-indicator">
            {status}
        </p>
        <p class="muted" data-testid="tabs">
            "Open " {tabs} "; " {leads} "."
        </p>
        <p role="alert">{wrong}</p>
    }
}
