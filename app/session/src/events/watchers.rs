//! What the tabs of this browser watch, as the one of them knows it that holds the stream.

use std::collections::BTreeMap;

use holdfast_domain::event::{EventCursor, EventKind, SessionEvent, Watched};
use holdfast_domain::id::{SessionId, TabId};

/// A tab that says nothing for so long is gone: one that is hidden may speak once a minute only.
const SILENT_MS: i64 = 3 * 60 * 1000;

/// Who watches what, and how far the stream is.
#[derive(Debug, Default)]
pub(super) struct Watchers {
    tabs: BTreeMap<TabId, (Watched, i64)>,
    /// What the stream is of, and what it told last of each; `None`: nothing yet.
    streamed: BTreeMap<SessionId, Option<EventCursor>>,
}

/// What a tab that watches needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The stream has to be opened anew.
    Stream,
    /// It hears what comes; so far the session is here.
    Hear(EventCursor),
    /// It hears what comes.
    Nothing,
}

impl Watchers {
    /// A tab watches this, and nothing else.
    pub(super) fn watch(&mut self, tab: TabId, watched: Watched, now_ms: i64) -> Need {
        self.tabs.insert(tab, (watched, now_ms));
        match (self.streamed.get(&watched.session), watched.heard) {
            (None, _) => Need::Stream,
            // It missed something: asleep, perhaps.
            (Some(Some(told)), Some(heard)) if is_behind(heard, *told) => Need::Stream,
            (Some(Some(told)), None) => Need::Hear(*told),
            (Some(_), _) => Need::Nothing,
        }
    }

    /// A tab watches nothing any more.
    pub(super) fn leave(&mut self, tab: TabId) {
        self.tabs.remove(&tab);
    }

    /// The stream told this.
    pub(super) fn told(&mut self, event: &SessionEvent) {
        if matches!(event.kind, EventKind::Ended { .. }) {
            self.streamed.remove(&event.session);
            self.tabs.retain(|_, (watched, _)| watched.session != event.session);
            return;
        }
        if let Some(told) = self.streamed.get_mut(&event.session) {
            *told = Some(event.cursor);
        }
        // They hear it too; one that does not says so when it wakes.
        for (watched, _) in self.tabs.values_mut() {
            if watched.session == event.session {
                watched.heard = Some(event.cursor);
            }
        }
    }

    /// Forgets tabs that are gone without a word.
    pub(super) fn forget_silent(&mut self, now_ms: i64) {
        // A clock that is put back makes nobody silent.
        self.tabs.retain(|_, (_, said_ms)| now_ms.saturating_sub(*said_ms) < SILENT_MS);
    }

    /// What a stream that is opened now has to be of: each session from where the tab is that heard the least of it.
    pub(super) fn open(&mut self) -> Vec<Watched> {
        let mut wanted = BTreeMap::<SessionId, Option<EventCursor>>::new();
        for (watched, _) in self.tabs.values() {
            let told = self.streamed.get(&watched.session).copied().flatten();
            let heard = watched.heard.or(told);
            let least = wanted.entry(watched.session).or_insert(heard);
            *least = match (*least, heard) {
                (Some(least), Some(heard)) if is_behind(heard, least) => Some(heard),
                (None, heard) => heard,
                (least, _) => least,
            };
        }
        self.streamed = wanted.clone();
        wanted.into_iter().map(|(session, heard)| Watched { session, heard }).collect()
    }

    /// There is no stream any more.
    pub(super) fn close(&mut self) {
        self.tabs.clear();
        self.streamed.clear();
    }
}

/// Whether there is something in `there` that is not in `here`.
pub(super) fn is_behind(here: EventCursor, there: EventCursor) -> bool {
    here.incarnation != there.incarnation || here.seq < there.seq || here.context < there.context
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(seq: i64) -> EventCursor {
        EventCursor { seq, context: 0, incarnation: 1 }
    }

    fn watched(session: u128, heard: Option<EventCursor>) -> Watched {
        Watched { session: Uuid::from_u128(session).into(), heard }
    }

    fn told(session: u128, seq: i64, kind: EventKind) -> SessionEvent {
        SessionEvent { session: Uuid::from_u128(session).into(), cursor: at(seq), at_ms: 0, kind }
    }

    fn tab(number: u128) -> TabId {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn tab_5_one_stream_is_of_all_sessions_from_where_the_last_tab_is() {
        let mut watchers = Watchers::default();
        assert_eq!(watchers.watch(tab(1), watched(7, Some(at(4))), 0), Need::Stream);
        assert_eq!(watchers.watch(tab(2), watched(7, Some(at(2))), 0), Need::Stream);
        assert_eq!(watchers.watch(tab(3), watched(8, None), 0), Need::Stream);
        assert_eq!(watchers.open(), [watched(7, Some(at(2))), watched(8, None)]);
        watchers.told(&told(7, 5, EventKind::Opened));
        // One that comes later hears where the stream is; one that missed something has it opened anew.
        assert_eq!(watchers.watch(tab(4), watched(7, None), 0), Need::Hear(at(5)));
        assert_eq!(watchers.watch(tab(4), watched(7, Some(at(5))), 0), Need::Nothing);
        assert_eq!(watchers.watch(tab(4), watched(7, Some(at(3))), 0), Need::Stream);
        assert_eq!(watchers.open(), [watched(7, Some(at(3))), watched(8, None)]);
        watchers.told(&told(7, 6, EventKind::Opened));
        assert_eq!(watchers.open(), [watched(7, Some(at(6))), watched(8, None)]);
    }

    #[test]
    fn tab_5_what_ended_and_who_is_gone_is_asked_for_no_more() {
        let mut watchers = Watchers::default();
        watchers.watch(tab(1), watched(7, None), 0);
        watchers.watch(tab(2), watched(8, None), 0);
        watchers.watch(tab(3), watched(9, None), SILENT_MS);
        watchers.open();
        watchers.told(&told(7, 5, EventKind::Ended { code: "gone".into() }));
        watchers.forget_silent(SILENT_MS);
        assert_eq!(watchers.open(), [watched(9, None)]);
        watchers.leave(tab(3));
        assert_eq!(watchers.open(), []);
    }
}
