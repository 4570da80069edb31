//! The sessions of this device, merged with those of the account.

use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, SessionSummary};
use serde::{Deserialize, Serialize};

/// A session as this device knows it; kept beside the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LocalSession {
    /// As lists show it. Its activity is that on this device.
    pub(crate) summary: SessionSummary,
    /// Its name was given here and the server does not have it yet.
    pub(crate) rename_pending: bool,
    /// The server has acknowledged something of it.
    pub(crate) on_server: bool,
}

impl LocalSession {
    /// A session made on this device.
    pub(crate) fn new(id: SessionId, name: String, now_ms: i64) -> Self {
        let summary = SessionSummary {
            id,
            name,
            state: SessionState::Active,
            created_at_ms: now_ms,
            updated_at_ms: now_ms,
            active_at_ms: now_ms,
        };
        Self { summary, rename_pending: false, on_server: false }
    }

    /// A session of the account, met on this device for the first time.
    pub(crate) fn met(summary: SessionSummary) -> Self {
        Self { summary, rename_pending: false, on_server: true }
    }
}

/// One list, most recently used first. What the server says of a session counts, save for a name
/// that it does not have yet.
pub(crate) fn merged<'a>(
    local: impl IntoIterator<Item = &'a LocalSession>,
    listed: &[SessionSummary],
) -> Vec<SessionSummary> {
    let mut all: Vec<SessionSummary> = Vec::new();
    let local: Vec<&LocalSession> = local.into_iter().collect();
    for session in listed {
        let here = local.iter().find(|local| local.summary.id == session.id);
        insert(&mut all, merge(session, here.copied()));
    }
    for session in local {
        if !listed.iter().any(|listed| listed.id == session.summary.id) {
            insert(&mut all, session.summary.clone());
        }
    }
    all
}

fn merge(listed: &SessionSummary, here: Option<&LocalSession>) -> SessionSummary {
    let mut merged = listed.clone();
    if let Some(here) = here {
        if here.rename_pending {
            merged.name.clone_from(&here.summary.name);
        }
        merged.active_at_ms = merged.active_at_ms.max(here.summary.active_at_ms);
    }
    merged
}

fn insert(all: &mut Vec<SessionSummary>, session: SessionSummary) {
    let at = all.partition_point(|before| before.active_at_ms >= session.active_at_ms);
    all.insert(at, session);
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn session(n: u128, name: &str, active_at_ms: i64) -> LocalSession {
        LocalSession::new(Uuid::from_u128(n).into(), name.into(), active_at_ms)
    }

    #[test]
    fn sess_3_a_session_made_offline_stands_in_the_list_with_its_new_name() {
        let mut renamed = session(1, "new", 5);
        renamed.rename_pending = true;
        let offline = session(2, "offline", 9);
        let listed = [session(1, "old", 7).summary, session(3, "other device", 8).summary];
        let names: Vec<String> =
            merged([&renamed, &offline], &listed).into_iter().map(|session| session.name).collect();
        assert_eq!(names, ["offline", "other device", "new"]);
    }

    #[test]
    fn sess_3_a_name_given_on_another_device_is_taken_over() {
        let merged = merged([&session(1, "old", 5)], &[session(1, "new", 1).summary]);
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].name, "new");
        assert_eq!(merged[0].active_at_ms, 5);
    }
}
