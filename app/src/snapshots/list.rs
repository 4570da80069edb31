//! The snapshots of the session as lists show them.

use holdfast_domain::id::SnapshotId;
use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_session::{SessionOptions, UseSession, use_session};
use leptos::prelude::*;

use super::restoring::Restoring;
use super::words::full_name;
use crate::failed::{Failed, reason};
use crate::icon::{Icon, IconName};
use crate::skeletons::Skeletons;
use crate::time::use_now;

/// One snapshot of a list. A row stays the same element while what it shows changes, so that the focus
/// stays where it was.
#[derive(Clone, Copy)]
pub(super) struct Listed {
    /// What is known of it.
    pub(super) snapshot: Memo<SnapshotSummary>,
    /// The server does not have it yet.
    pub(super) waits: Memo<bool>,
}

impl Listed {
    pub(super) fn new(session: UseSession, first: SnapshotSummary) -> Self {
        let id = first.id;
        let snapshot = Memo::new(move |before: Option<&SnapshotSummary>| {
            let all = session.snapshots.read();
            let found = all.iter().find(|snapshot| snapshot.id == id);
            found.or(before).unwrap_or(&first).clone()
        });
        let waits = Memo::new(move |_| session.waiting_snapshots.read().contains(&id));
        Self { snapshot, waits }
    }

    pub(super) fn id(self) -> SnapshotId {
        self.snapshot.with_untracked(|snapshot| snapshot.id)
    }

    pub(super) fn full_name(self, now_ms: i64) -> String {
        self.snapshot.with(|snapshot| full_name(snapshot, now_ms))
    }

    /// For the style sheet and tests.
    pub(super) fn state(self) -> Option<&'static str> {
        self.waits.get().then_some("waiting")
    }
}

/// Opens the preview.
#[component]
pub(super) fn RestoreButton(
    /// Of this one.
    listed: Listed,
) -> impl IntoView {
    let restoring = Restoring::of_page();
    let now = use_now();
    view! {
        <button
            type="button"
            class="button button-small"
            aria-label=move || format!("Restore {}", listed.full_name(now.get()))
            disabled=move || listed.waits.get()
            on:click=move |_| restoring.preview(listed.snapshot.get_untracked())
        >
            <Icon name=IconName::Restore />
            "Restore"
        </button>
    }
}

/// In place of an empty list: none yet, not read yet, or why it could not be read.
#[component]
pub(super) fn NoSnapshots() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let again = Callback::new(move |()| session.refresh());
    move || {
        match session.snapshots_read.get() {
        None => view! { <Skeletons /> }.into_any(),
        Some(Ok(())) if session.snapshots.read().is_empty() => view! {
            <div class="empty">
                <p>
                    "None yet. Take one before something you might regret; one is taken for you every hour in which you change something."
                </p>
            </div>
        }
        .into_any(),
        Some(Ok(())) => ().into_any(),
        Some(Err(error)) => {
            let why = reason(&error);
            view! { <Failed what="The snapshots could not be read" why=why again=again /> }
                .into_any()
        }
    }
    }
}
