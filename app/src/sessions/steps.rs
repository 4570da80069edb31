//! Taking a session a step on: what it is called, and what the person is told.

use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, Step};
use holdfast_session::{SessionOptions, UseSession, use_session};
use leptos::task::spawn_local;

use crate::toasts::Toasts;

/// The steps of the page.
#[derive(Clone, Copy)]
pub(crate) struct Steps {
    session: UseSession,
    toasts: Toasts,
}

impl Steps {
    /// Those of this page.
    pub(crate) fn of_page() -> Self {
        Self { session: use_session(SessionOptions::default()), toasts: Toasts::of_page() }
    }

    /// Takes a session a step on, and says so.
    pub(crate) fn take(self, id: SessionId, step: Step) {
        spawn_local(async move {
            match self.session.step(id, step).await {
                Ok(_) => self.toasts.say(done(step)),
                Err(error) => {
                    self.toasts.fail(format!("{}. {error} Nothing of it is lost.", failed(step)));
                }
            }
        });
    }

    /// Deletes a session; the notice brings it back.
    pub(crate) fn delete(self, id: SessionId) {
        spawn_local(async move {
            match self.session.step(id, Step::Delete).await {
                Ok(_) => self.toasts.offer_undo(done(Step::Delete), move || self.bring_back(id)),
                Err(error) => self.toasts.fail(format!("{}. {error}", failed(Step::Delete))),
            }
        });
    }

    /// Brings a deleted session back, and opens it.
    pub(crate) fn bring_back(self, id: SessionId) {
        spawn_local(async move {
            match self.session.step(id, Step::Undelete).await {
                Ok(_) => {
                    self.session.dismiss_notice();
                    self.session.open(id);
                    self.toasts.say(done(Step::Undelete));
                }
                Err(error) => self.toasts.fail(format!("{}. {error}", failed(Step::Undelete))),
            }
        });
    }
}

/// The steps that are offered in a state, apart from deleting, with their names.
pub(super) fn offered(state: SessionState) -> &'static [(Step, &'static str)] {
    const COMPLETE: (Step, &str) = (Step::Complete, "Complete");
    const REOPEN: (Step, &str) = (Step::Reopen, "Reopen");
    const ARCHIVE: (Step, &str) = (Step::Archive, "Archive");
    match state {
        SessionState::Active => &[COMPLETE, ARCHIVE],
        SessionState::Completed => &[REOPEN, ARCHIVE],
        SessionState::Abandoned => &[REOPEN, COMPLETE, ARCHIVE],
        SessionState::Archived => &[(Step::Unarchive, "Take out of the archive")],
        SessionState::Deleted => &[],
    }
}

fn done(step: Step) -> &'static str {
    match step {
        Step::Complete => "Completed. It stays in the list and can be worked on.",
        Step::Reopen => "Reopened",
        Step::Archive => "Archived. It can be read, and taken out again.",
        Step::Unarchive => "Taken out of the archive",
        Step::Delete => "Deleted",
        Step::Undelete => "It is back, with everything in it",
    }
}

fn failed(step: Step) -> &'static str {
    match step {
        Step::Complete => "Not completed",
        Step::Reopen => "Not reopened",
        Step::Archive => "Not archived",
        Step::Unarchive => "Not taken out of the archive",
        Step::Delete => "Not deleted",
        Step::Undelete => "Not brought back",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sess_1_what_is_offered_is_possible_and_leads_somewhere_else() {
        use SessionState::{Abandoned, Active, Archived, Completed, Deleted};
        for state in [Active, Completed, Abandoned, Archived, Deleted] {
            for (step, name) in offered(state) {
                assert_ne!(state.after(*step).unwrap(), state, "{name}");
            }
        }
    }
}
