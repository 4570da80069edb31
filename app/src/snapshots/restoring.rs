//! The way back: a preview, the restore, its undo. One at a time in a page.

use holdfast_domain::id::{RestoreId, SessionId};
use holdfast_domain::snapshot::{Difference, SnapshotSummary, Undone};
use holdfast_session::{SessionOptions, UseSession, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::preview::PreviewDialog;
use super::readable::{Row, readable};
use super::undo::UndoDialog;
use super::words::{not_restored, sorry};
use crate::time::{moment, now_ms};
use crate::toasts::Toasts;

/// The restore of the page.
#[derive(Clone, Copy)]
pub(crate) struct Restoring {
    session: UseSession,
    toasts: Toasts,
    /// Whether the preview is open.
    pub(super) open: RwSignal<bool>,
    /// What it shows.
    pub(super) snapshot: RwSignal<Option<SnapshotSummary>>,
    /// Whether a restore is on its way.
    pub(super) busy: RwSignal<bool>,
    /// Whether the question about the rest of an undo is open.
    pub(super) asks: RwSignal<bool>,
    /// What it is about.
    pub(super) rest: RwSignal<Option<Rest>>,
}

/// A restore of which some values changed since.
#[derive(Clone)]
pub(super) struct Rest {
    of: Done,
    /// What would stay as it is now.
    pub(super) rows: Vec<Row>,
}

/// A restore that was done.
#[derive(Clone, Copy)]
struct Done {
    session: SessionId,
    restore: RestoreId,
}

impl Restoring {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let restoring = Self {
            session: use_session(SessionOptions::default()),
            toasts: Toasts::of_page(),
            open: RwSignal::new(false),
            snapshot: RwSignal::new(None),
            busy: RwSignal::new(false),
            asks: RwSignal::new(false),
            rest: RwSignal::new(None),
        };
        provide_context(restoring);
        restoring
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Shows what restoring a snapshot would change; the person decides there.
    pub(crate) fn preview(self, snapshot: SnapshotSummary) {
        self.snapshot.set(Some(snapshot));
        self.open.set(true);
    }

    /// What differs, in the words of the open session.
    pub(super) fn read(self, differences: &[Difference]) -> Vec<Row> {
        untrack(|| readable(differences, |path| self.session.get(path)))
    }

    /// Restores what the preview shows.
    pub(super) fn restore(self) {
        let (Some(snapshot), Some(session)) =
            (self.snapshot.get_untracked(), self.session.id.get_untracked())
        else {
            return;
        };
        self.busy.set(true);
        spawn_local(async move {
            let answer = self.session.restore_snapshot(snapshot.id).await;
            self.busy.set(false);
            // Another one may be looked at by now.
            if self.snapshot.with_untracked(|shown| shown.as_ref() == Some(&snapshot)) {
                self.open.set(false);
            }
            match answer {
                Ok(restored) if restored.changed == 0 => {
                    self.toasts.say("Nothing to restore: the session is as it was then.");
                }
                Ok(restored) => {
                    let done = Done { session, restore: restored.restore };
                    let text = format!("Restored to {}", moment(snapshot.created_at_ms, now_ms()));
                    self.toasts.offer_undo(text, move || self.undo(done, false));
                }
                Err(error) => self.toasts.fail(not_restored(&error)),
            }
        });
    }

    /// Undoes also what would leave some values as they are.
    pub(super) fn undo_rest(self) {
        if let Some(rest) = self.rest.get_untracked() {
            self.undo(rest.of, true);
        }
    }

    fn undo(self, done: Done, confirmed: bool) {
        if self.session.id.get_untracked() != Some(done.session) {
            let text = "Not undone: another session is open. What was there before the restore is \
                        among the snapshots of the one that was restored.";
            self.toasts.fail(text);
            return;
        }
        spawn_local(async move {
            match self.session.undo_restore(done.restore, confirmed).await {
                Ok(Undone::Done { kept: 0 }) => self.toasts.say("Restore undone"),
                Ok(Undone::Done { kept: 1 }) => {
                    self.toasts.say("Restore undone; 1 newer value stayed");
                }
                Ok(Undone::Done { kept }) => {
                    self.toasts.say(format!("Restore undone; {kept} newer values stayed"));
                }
                Ok(Undone::Changed { differences }) => {
                    let rows = self.read(&differences);
                    self.rest.set(Some(Rest { of: done, rows }));
                    self.asks.set(true);
                }
                Err(error) => self.toasts.fail(sorry("The restore was not undone.", &error)),
            }
        });
    }
}

/// What a restore asks; once in a page.
#[component]
pub(crate) fn RestoreDialogs() -> impl IntoView {
    view! {
        <PreviewDialog />
        <UndoDialog />
    }
}
