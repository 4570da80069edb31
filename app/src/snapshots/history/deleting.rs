//! Deleting a snapshot, after a question.

use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::dialog::Dialog;
use crate::focus;
use crate::snapshots::words::{full_name, sorry, title};
use crate::time::now_ms;
use crate::toasts::Toasts;
use crate::workspace::SCROLLED;

/// The question of the page.
#[derive(Clone, Copy)]
pub(super) struct Deleting {
    open: RwSignal<bool>,
    snapshot: RwSignal<Option<SnapshotSummary>>,
}

impl Deleting {
    /// Makes it known to the components below.
    pub(super) fn provide() -> Self {
        let deleting = Self { open: RwSignal::new(false), snapshot: RwSignal::new(None) };
        provide_context(deleting);
        deleting
    }

    pub(super) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Asks whether a snapshot may go.
    pub(super) fn ask(self, snapshot: SnapshotSummary) {
        self.snapshot.set(Some(snapshot));
        self.open.set(true);
    }
}

/// The question, and what follows a yes.
#[component]
pub(super) fn DeleteDialog() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    let deleting = Deleting::of_page();
    let heading = move || {
        let name = deleting.snapshot.get().map(|snapshot| full_name(&snapshot, now_ms()));
        format!("Delete the snapshot “{}”?", name.unwrap_or_default())
    };
    let delete = move |_| {
        let Some(snapshot) = deleting.snapshot.get_untracked() else { return };
        spawn_local(async move {
            match session.delete_snapshot(snapshot.id).await {
                Ok(()) => {
                    toasts.say(format!("Snapshot “{}” deleted", title(&snapshot)));
                    // The button that had it goes with its row.
                    focus::on(SCROLLED);
                }
                Err(error) => toasts.fail(sorry("The snapshot was not deleted.", &error)),
            }
        });
    };
    view! {
        <Dialog
            open=deleting.open
            id="delete-snapshot"
            labelledby="delete-snapshot-title"
            describedby="delete-snapshot-text"
        >
            <form method="dialog">
                <div class="dialog-head">
                    <h2 class="dialog-title" id="delete-snapshot-title">
                        {heading}
                    </h2>
                </div>
                <div class="dialog-body">
                    <p id="delete-snapshot-text">
                        "That moment cannot be restored afterwards. Your work as it is now stays."
                    </p>
                </div>
                <div class="dialog-foot">
                    <button type="submit" value="cancel" class="button" autofocus>
                        "Cancel"
                    </button>
                    <button type="submit" value="ok" class="button button-danger" on:click=delete>
                        "Delete snapshot"
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
