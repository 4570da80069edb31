//! The life of a session: which state follows which (SESS-1).

use serde::{Deserialize, Serialize};

use super::SessionState;
use crate::{Error, Result};

/// What a person does with a session as a whole. That nobody came for a while is no step: the server's
/// sweep sees to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// It is finished.
    Complete,
    /// It is not finished after all.
    Reopen,
    /// It is put away, to be read only.
    Archive,
    /// It is taken out of the archive.
    Unarchive,
    /// It is to be gone; for a while it can be brought back.
    Delete,
    /// It is brought back.
    Undelete,
}

impl SessionState {
    /// The state after a step. The same step again changes nothing, so that asking twice does no harm.
    ///
    /// What is deleted was something before, and who keeps it knows what; as far as is known here it
    /// comes back active.
    ///
    /// # Errors
    /// [`Error::Archived`], [`Error::Conflict`]: this cannot be done from here.
    pub fn after(self, step: Step) -> Result<Self> {
        let (next, from): (Self, &[Self]) = match step {
            Step::Complete => (Self::Completed, &[Self::Active, Self::Abandoned]),
            Step::Reopen => (Self::Active, &[Self::Completed, Self::Abandoned]),
            Step::Archive => (Self::Archived, &[Self::Active, Self::Completed, Self::Abandoned]),
            Step::Unarchive => (Self::Active, &[Self::Archived]),
            Step::Delete => {
                let from = &[Self::Active, Self::Completed, Self::Abandoned, Self::Archived];
                (Self::Deleted, from)
            }
            Step::Undelete if self != Self::Deleted => return Ok(self),
            Step::Undelete => (Self::Active, &[Self::Deleted]),
        };
        match self {
            same if same == next => Ok(same),
            from_here if from.contains(&from_here) => Ok(next),
            Self::Archived => Err(Error::Archived),
            Self::Deleted => Err(conflict("This session is deleted. Bring it back first.")),
            _ => Err(conflict("This session is not in the archive.")),
        }
    }

    /// Whether its context takes no more changes.
    pub fn is_read_only(self) -> bool {
        matches!(self, Self::Archived | Self::Deleted)
    }
}

fn conflict(reason: &str) -> Error {
    Error::Conflict { reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [SessionState; 5] = [
        SessionState::Active,
        SessionState::Completed,
        SessionState::Abandoned,
        SessionState::Archived,
        SessionState::Deleted,
    ];

    /// The codes of the states, or of the refusals, that a step leads to from each of [`STATES`].
    fn leads_to(step: Step) -> Vec<String> {
        let word = |state: SessionState| match state.after(step) {
            Ok(next) => serde_json::to_value(next).unwrap().as_str().unwrap().to_owned(),
            Err(error) => error.code().to_owned(),
        };
        STATES.into_iter().map(word).collect()
    }

    #[test]
    fn sess_1_every_step_from_every_state() {
        let (active, archived, deleted) = ("active", "archived", "deleted");
        let (done, left, no) = ("completed", "abandoned", "conflict");
        assert_eq!(leads_to(Step::Complete), [done, done, done, archived, no]);
        assert_eq!(leads_to(Step::Reopen), [active, active, active, archived, no]);
        assert_eq!(leads_to(Step::Archive), [archived, archived, archived, archived, no]);
        assert_eq!(leads_to(Step::Unarchive), [active, no, no, active, no]);
        assert_eq!(leads_to(Step::Delete), [deleted; 5]);
        assert_eq!(leads_to(Step::Undelete), [active, done, left, archived, active]);
        // The word is the same for a state and a refusal: this one is refused.
        assert_eq!(SessionState::Archived.after(Step::Complete), Err(Error::Archived));
        assert_eq!(SessionState::Archived.after(Step::Reopen), Err(Error::Archived));
    }

    #[test]
    fn sess_1_what_is_archived_or_deleted_is_read_only() {
        let read_only = STATES.map(SessionState::is_read_only);
        assert_eq!(read_only, [false, false, false, true, true]);
    }
}
