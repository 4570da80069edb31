//! The settings of a session layer.

use std::time::Duration;

use holdfast_domain::account::PageOf;
use holdfast_domain::id::SessionId;

/// What [`crate::provide_session`] is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOptions {
    /// How often what the server has not acknowledged is saved; 5 s to 10 min, values outside are
    /// moved to the nearest end.
    pub autosave_interval: Duration,
    /// Show what the journal holds as soon as it is read. `false` waits for the server's answer
    /// first; the journal is kept and merged either way.
    pub restore_on_mount: bool,
    /// Ask the server at once on opening. `false` waits for the first interval or edit.
    pub sync_on_mount: bool,
    /// The session to open, for example from the URL. `None`: the one this device opened last, else
    /// the most recent active one, else a new one.
    pub session: Option<SessionId>,
    /// Whose page it is, as the server says it: what this device keeps of one account no other one is shown
    /// (TAB-7). `None`: it did not say; then whoever was here last.
    pub page_of: Option<PageOf>,
    /// The name of a session that is created because there is none.
    pub default_name: String,
}

impl SessionOptions {
    /// [`SessionOptions::autosave_interval`] in its bounds, milliseconds.
    pub fn autosave_interval_ms(&self) -> i64 {
        i64::try_from(self.autosave_interval.as_millis()).unwrap_or(i64::MAX).clamp(5_000, 600_000)
    }
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            autosave_interval: Duration::from_secs(30),
            restore_on_mount: true,
            sync_on_mount: true,
            session: None,
            page_of: None,
            default_name: "Untitled".into(),
        }
    }
}
