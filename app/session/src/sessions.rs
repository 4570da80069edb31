//! The sessions of this device, merged with those of the account.

use std::collections::BTreeSet;

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

    /// What the copy of a session begins with. Its name is told to the server whoever creates it there.
    pub(crate) fn copied(&self, id: SessionId) -> Self {
        let summary = SessionSummary { id, state: SessionState::Active, ..self.summary.clone() };
        Self { summary, rename_pending: true, on_server: false }
    }
}

/// The id of a session's copy: the server has the session under an account of which this browser can no
/// longer prove that it is its own. It follows from the session's id alone, so that all tabs, and one that
/// was killed half-way and tries again, make the same one copy. Created at the same time, for the order of
/// ids.
pub(crate) fn copy_of(session: SessionId) -> SessionId {
    let bytes = session.as_uuid().into_bytes();
    let part = |from: usize, len: usize| {
        let part = bytes.iter().skip(from).take(len);
        part.fold(0_u64, |number, byte| (number << 8) | u64::from(*byte))
    };
    let (millis, high, low) = (part(0, 6), part(0, 8), part(8, 8));
    let first = mixed(high ^ mixed(low));
    let second = mixed(low ^ mixed(first));
    let mut random = [0; 10];
    let words = first.to_be_bytes().into_iter().chain(second.to_be_bytes());
    random.iter_mut().zip(words).for_each(|(byte, word)| *byte = word);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().into()
}

/// The last steps of splitmix64.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// One list without what is deleted, most recently used first. What the server says of a session counts, save for a name
/// that it does not have yet. In place of a session that only this device has stands its copy, where
/// there is one.
pub(crate) fn merged<'a>(
    local: impl IntoIterator<Item = &'a LocalSession>,
    listed: &[SessionSummary],
) -> Vec<SessionSummary> {
    let mut all: Vec<SessionSummary> = Vec::new();
    let is_there = |local: &&LocalSession| local.summary.state != SessionState::Deleted;
    let local: Vec<&LocalSession> = local.into_iter().filter(is_there).collect();
    let here: BTreeSet<SessionId> = local.iter().map(|local| local.summary.id).collect();
    for session in listed {
        let here = local.iter().find(|local| local.summary.id == session.id);
        insert(&mut all, merge(session, here.copied()));
    }
    for session in local {
        let id = session.summary.id;
        if !here.contains(&copy_of(id)) && !listed.iter().any(|listed| listed.id == id) {
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
    fn tab_7_a_copy_stands_in_place_of_what_only_this_device_has() {
        let old = LocalSession::met(session(1, "Lofoten", 5).summary);
        let copy = old.copied(copy_of(old.summary.id));
        let list = |listed: &[SessionSummary]| -> Vec<SessionId> {
            merged([&old, &copy], listed).into_iter().map(|session| session.id).collect()
        };
        assert_eq!(list(&[]), [copy.summary.id]);
        assert_eq!((copy.summary.name.as_str(), copy.on_server), ("Lofoten", false));
        // Its account is back.
        assert_eq!(list(std::slice::from_ref(&old.summary)).len(), 2);
    }

    #[test]
    fn tab_7_a_session_has_one_copy_made_at_its_time() {
        let id: SessionId = "019a0000-0000-7000-8000-000000000001".parse().unwrap();
        let copy = copy_of(id);
        assert_eq!(copy, copy_of(id));
        assert_eq!(copy.as_uuid().get_version_num(), 7);
        assert_eq!(copy.to_string().split_at(13).0, "019a0000-0000");
        assert_ne!(copy, copy_of(copy));
        let other: SessionId = "019a0000-0000-7000-8000-000000000002".parse().unwrap();
        assert_ne!(copy, copy_of(other));
    }

    #[test]
    fn sess_3_what_is_deleted_stands_in_no_list_until_it_is_brought_back() {
        let mut deleted = session(1, "old", 5);
        deleted.summary.state = SessionState::Deleted;
        assert_eq!(merged([&deleted], &[]), []);
        // By another device.
        let listed = session(1, "old", 5).summary;
        assert_eq!(merged([&deleted], std::slice::from_ref(&listed)), [listed]);
    }

    #[test]
    fn sess_3_a_name_given_on_another_device_is_taken_over() {
        let merged = merged([&session(1, "old", 5)], &[session(1, "new", 1).summary]);
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].name, "new");
        assert_eq!(merged[0].active_at_ms, 5);
    }
}
