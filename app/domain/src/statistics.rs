//! What a person did, in figures, for themselves (SESS-6).

use serde::{Deserialize, Serialize};

use crate::id::SessionId;
use crate::session::SessionState;

/// The most days that are counted at once: a year with a leap day.
pub const DAYS: u16 = 366;

/// Which days are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatisticsQuery {
    /// So many, 1 to [`DAYS`].
    pub days: u16,
    /// The last of them, as in `2026-11-23`; `None`: today.
    pub last: Option<String>,
    /// Where days begin: a name of the IANA time zone database, as `Europe/Oslo`.
    pub time_zone: String,
}

/// What a person did on these days, and what there is now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statistics {
    /// Every day that was asked for, the first one first.
    pub days: Vec<Day>,
    /// The sessions used on these days, the longest used one first.
    pub sessions: Vec<SessionUse>,
    /// All sessions there are now.
    pub states: StateCounts,
    /// Bytes that all sessions take in the database, their history included.
    pub bytes: u64,
}

/// A number of edits, and the time in which they were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Use {
    /// Changes that were saved: each key typed, each value set, each merge patch is one.
    pub edits: u64,
    /// Milliseconds between one sign of a person and the next, where that came within ten minutes.
    pub active_ms: u64,
}

impl Use {
    /// Both together.
    pub fn add(&mut self, other: Self) {
        self.edits = self.edits.saturating_add(other.edits);
        self.active_ms = self.active_ms.saturating_add(other.active_ms);
    }
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Day {
    /// As in `2026-11-23`.
    pub date: String,
    /// In all sessions.
    #[serde(flatten)]
    pub total: Use,
    /// Those that were used on it.
    pub sessions: Vec<UseOfSession>,
}

/// What was done in one session on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UseOfSession {
    /// The session.
    pub session: SessionId,
    /// What was done in it.
    #[serde(flatten)]
    pub total: Use,
}

/// What was done in one session on all of the days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionUse {
    /// The session.
    pub session: SessionId,
    /// Its name.
    pub name: String,
    /// Where it is in its life.
    pub state: SessionState,
    /// What was done in it.
    #[serde(flatten)]
    pub total: Use,
    /// Bytes that it takes in the database, its history included.
    pub bytes: u64,
}

/// How many sessions are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateCounts {
    /// In use.
    pub active: u64,
    /// Finished.
    pub completed: u64,
    /// Nobody came for a while.
    pub abandoned: u64,
    /// Put away.
    pub archived: u64,
    /// Deleted, and can still be brought back.
    pub deleted: u64,
}

impl StateCounts {
    /// The one of a state.
    pub fn of(&mut self, state: SessionState) -> &mut u64 {
        match state {
            SessionState::Active => &mut self.active,
            SessionState::Completed => &mut self.completed,
            SessionState::Abandoned => &mut self.abandoned,
            SessionState::Archived => &mut self.archived,
            SessionState::Deleted => &mut self.deleted,
        }
    }
}
