//! The state machine.

use super::{Effect, Event, SaveStatus};
use crate::id::{SessionId, TabId};
use crate::session::SessionMeta;

/// What an engine is made for.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// The session.
    pub session: SessionId,
    /// This page load.
    pub tab: TabId,
    /// Routine saves happen this often, 5,000 to 600,000 ms.
    pub autosave_interval_ms: i64,
    /// Seeds jitter and batch ids.
    pub seed: u64,
    /// Enough to create the session on the first save; `None`: it must exist on the server.
    pub create: Option<SessionMeta>,
}

/// One tab's part in keeping a session.
#[derive(Debug)]
pub struct Engine {
    options: EngineOptions,
}

impl Engine {
    /// Not open yet: the first event is [`Event::Opened`].
    pub fn new(options: EngineOptions) -> Self {
        Self { options }
    }

    /// Takes one event at `now_ms` (device time, milliseconds since the Unix epoch) and says what
    /// to do, in order.
    pub fn handle(&mut self, _now_ms: i64, _event: Event) -> Vec<Effect> {
        let _ = &self.options;
        Vec::new()
    }

    /// What the indicator shows.
    pub fn status(&self) -> SaveStatus {
        SaveStatus::Saved { at_ms: None }
    }

    /// When [`Event::Tick`] is wanted next, at the latest.
    pub fn wake_at_ms(&self) -> Option<i64> {
        None
    }

    /// Whether this tab speaks with the server.
    pub fn leads(&self) -> bool {
        false
    }
}
