//! Deleting a session: says what goes and when, and can be undone until then (SESS-3).

use holdfast_domain::session::SessionSummary;
use leptos::prelude::*;

use super::steps::Steps;
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};
use crate::periods::grace;

/// The deleting of the page.
#[derive(Clone, Copy)]
pub(crate) struct Deleting {
    steps: Steps,
    /// Which session it is about.
    which: RwSignal<Option<SessionSummary>>,
    open: RwSignal<bool>,
}

impl Deleting {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let deleting = Self {
            steps: Steps::of_page(),
            which: RwSignal::new(None),
            open: RwSignal::new(false),
        };
        provide_context(deleting);
        deleting
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Asks about a session.
    pub(super) fn ask(self, session: SessionSummary) {
        self.which.set(Some(session));
        self.open.set(true);
    }

    fn delete(self) {
        if let Some(session) = self.which.get_untracked() {
            self.steps.delete(session.id);
        }
    }
}

/// The dialog; once in a page.
#[component]
pub(crate) fn DeleteDialog() -> impl IntoView {
    let deleting = Deleting::of_page();
    view! {
        <Dialog
            open=deleting.open
            id="delete-session"
            labelledby="delete-session-title"
            describedby="delete-session-text"
        >
            <Delete />
        </Dialog>
    }
}

#[component]
fn Delete() -> impl IntoView {
    let deleting = Deleting::of_page();
    let title = move || {
        let name = deleting.which.get().map(|session| session.name).unwrap_or_default();
        format!("Delete “{name}”?")
    };
    let until = format!("For {} it can be brought back: by Undo, or by its link.", grace());
    view! {
        <form method="dialog">
            <div class="dialog-head">
                <div>
                    <h2 class="dialog-title" id="delete-session-title">
                        {title}
                    </h2>
                    <p id="delete-session-text">"It goes from the list, here and on every device."</p>
                </div>
                <button
                    type="submit"
                    value="cancel"
                    class="icon-button"
                    aria-label="Close"
                    formnovalidate
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <div class="dialog-body">
                <ul class="consequences">
                    <li data-kind="stays">
                        <Icon name=IconName::Check />
                        <span>{until}</span>
                    </li>
                    <li data-kind="goes">
                        <Icon name=IconName::Close />
                        <span>
                            "Then everything of it is gone for good: its text, its fields, all its snapshots, \
                             and the key they are encrypted with."
                        </span>
                    </li>
                </ul>
            </div>
            <div class="dialog-foot">
                <button type="submit" value="cancel" class="button" autofocus>
                    "Cancel"
                </button>
                <button
                    type="submit"
                    value="delete"
                    class="button button-danger"
                    on:click=move |_| deleting.delete()
                >
                    "Delete"
                </button>
            </div>
        </form>
    }
}
