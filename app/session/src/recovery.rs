//! Which session a page opens (SESS-2): the one asked for, the one this device had open, the most
//! recent active one, a new one. No failure on the way creates a session on the server.

use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, SessionSummary};

use crate::Notice;

/// What the server said about one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// It is there and ours.
    Found,
    /// It is not there or not ours.
    NotFound,
    /// It was deleted.
    Gone {
        /// Until when it can be brought back.
        until_ms: Option<i64>,
    },
    /// No answer.
    Unreachable,
}

/// What is known so far; grows with each answer to a [`Step`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// From the page's options, for example the URL.
    pub(crate) asked: Option<SessionId>,
    /// The one this device had open last.
    pub(crate) kept: Option<SessionId>,
    /// The sessions of this device.
    pub(crate) local: Vec<SessionSummary>,
    /// Answers to [`Step::Probe`].
    pub(crate) probes: Vec<(SessionId, Probe)>,
    /// The answer to [`Step::List`]; `Some(None)`: there was none.
    pub(crate) listed: Option<Option<Vec<SessionSummary>>>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Ask the server about one session.
    Probe(SessionId),
    /// Ask the server for all.
    List,
    /// Open this one.
    Open(SessionId),
    /// Open a new one.
    New,
}

impl Known {
    /// The next step.
    pub(crate) fn step(&self) -> Step {
        if let Some(asked) = self.asked {
            match self.knows(asked) {
                None => return Step::Probe(asked),
                Some(Probe::Found) => return Step::Open(asked),
                Some(Probe::NotFound | Probe::Gone { .. } | Probe::Unreachable) => {}
            }
        }
        if let Some(kept) = self.kept.filter(|kept| Some(*kept) != self.asked) {
            match self.knows(kept) {
                None => return Step::Probe(kept),
                // Without an answer the local one opens.
                Some(Probe::Found | Probe::Unreachable) => return Step::Open(kept),
                Some(Probe::NotFound | Probe::Gone { .. }) => {}
            }
        }
        let Some(listed) = &self.listed else {
            return Step::List;
        };
        let listed = listed.as_deref().unwrap_or_default();
        self.local
            .iter()
            .chain(listed)
            .filter(|session| session.state == SessionState::Active)
            .filter(|session| Some(session.id) != self.asked)
            .max_by_key(|session| session.active_at_ms)
            .map_or(Step::New, |session| Step::Open(session.id))
    }

    /// What the person is told about the way to `opened`.
    pub(crate) fn notice(&self, opened: SessionId) -> Option<Notice> {
        let asked = self.asked.filter(|asked| *asked != opened)?;
        match self.knows(asked)? {
            Probe::Unreachable => Some(Notice::NotReachable { asked, opened }),
            Probe::Gone { until_ms } => Some(Notice::Gone { asked, opened, until_ms }),
            Probe::NotFound | Probe::Found => Some(Notice::NotFound { asked, opened }),
        }
    }

    fn knows(&self, id: SessionId) -> Option<Probe> {
        if self.local.iter().any(|session| session.id == id) {
            return Some(Probe::Found);
        }
        self.probes.iter().find(|(probed, _)| *probed == id).map(|(_, probe)| *probe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> SessionId {
        SessionId::from(uuid::Uuid::from_u128(n))
    }

    fn session(n: u128, active_at_ms: i64) -> SessionSummary {
        SessionSummary {
            id: id(n),
            name: "A".into(),
            state: SessionState::Active,
            created_at_ms: 0,
            updated_at_ms: 0,
            active_at_ms,
        }
    }

    #[test]
    fn sess_2_the_asked_session_opens_from_this_device_without_the_server() {
        let known = Known { asked: Some(id(1)), local: vec![session(1, 5)], ..Known::default() };
        assert_eq!(known.step(), Step::Open(id(1)));
        assert_eq!(known.notice(id(1)), None);
    }

    #[test]
    fn sess_2_an_unknown_or_foreign_session_is_explained_and_the_next_one_opens() {
        let mut known = Known {
            asked: Some(id(1)),
            kept: Some(id(2)),
            local: vec![session(2, 5)],
            ..Known::default()
        };
        assert_eq!(known.step(), Step::Probe(id(1)));
        known.probes.push((id(1), Probe::NotFound));
        assert_eq!(known.step(), Step::Open(id(2)));
        assert_eq!(known.notice(id(2)), Some(Notice::NotFound { asked: id(1), opened: id(2) }));
    }

    #[test]
    fn sess_2_a_deleted_session_is_explained_and_the_next_one_opens() {
        let mut known = Known {
            asked: Some(id(1)),
            local: vec![session(2, 5)],
            listed: Some(Some(Vec::new())),
            ..Known::default()
        };
        known.probes.push((id(1), Probe::Gone { until_ms: Some(9) }));
        assert_eq!(known.step(), Step::Open(id(2)));
        let gone = Notice::Gone { asked: id(1), opened: id(2), until_ms: Some(9) };
        assert_eq!(known.notice(id(2)), Some(gone));
    }

    #[test]
    fn sess_2_without_an_answer_the_local_one_opens_and_says_so() {
        let mut known = Known {
            asked: Some(id(1)),
            local: vec![session(2, 5), session(3, 9)],
            listed: Some(None),
            ..Known::default()
        };
        known.probes.push((id(1), Probe::Unreachable));
        assert_eq!(known.step(), Step::Open(id(3)));
        assert_eq!(known.notice(id(3)), Some(Notice::NotReachable { asked: id(1), opened: id(3) }));
    }

    #[test]
    fn sess_2_a_kept_session_opens_when_the_server_is_silent() {
        let mut known = Known { kept: Some(id(2)), ..Known::default() };
        assert_eq!(known.step(), Step::Probe(id(2)));
        known.probes.push((id(2), Probe::Unreachable));
        assert_eq!(known.step(), Step::Open(id(2)));
    }

    #[test]
    fn sess_2_the_most_recent_active_session_of_device_and_account_is_next() {
        let mut archived = session(6, 99);
        archived.state = SessionState::Archived;
        let mut known = Known { local: vec![session(4, 5)], ..Known::default() };
        assert_eq!(known.step(), Step::List);
        known.listed = Some(Some(vec![session(5, 9), archived]));
        assert_eq!(known.step(), Step::Open(id(5)));
    }

    #[test]
    fn sess_2_a_new_session_is_the_last_choice() {
        let mut known = Known { listed: Some(Some(Vec::new())), ..Known::default() };
        assert_eq!(known.step(), Step::New);
        known.listed = Some(None);
        assert_eq!(known.step(), Step::New);
    }
}
