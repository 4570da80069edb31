//! Watching sessions: what happened since, then what happens.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use holdfast_domain::event::{EventCursor, EventKind, SessionEvent, Watched};
use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::session::SessionState;
use holdfast_domain::{Error, Result};

use super::Topic;
use super::doorbell::Waiter;
use super::read::{self, Mark};
use crate::store::Store;
use crate::{Backend, Visitor};

/// Sessions that one watches.
const SESSIONS: usize = 64;

/// Whether a watcher may still watch is looked at this often, where nothing happens.
pub(super) const LOOK: Duration = Duration::from_secs(15);

/// While the database does not answer, it is asked again after this.
pub(super) const AGAIN: Duration = Duration::from_secs(1);

/// Somebody who watches sessions. Dropped, nothing of it is left.
pub struct Watch {
    store: Arc<Store>,
    visitor: Visitor,
    waiter: Waiter,
    sessions: Vec<Place>,
    told: VecDeque<SessionEvent>,
    /// Why one of them is not watched.
    refused: Option<Error>,
}

/// How far a watcher is with a session.
struct Place {
    session: SessionId,
    cursor: EventCursor,
}

impl Backend {
    /// Watches a session, beginning with what happened since it was heard of. The first event is `Opened`, or `Gap`
    /// where something in between is not kept any more.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `RateLimited` (too many watchers of one account), `NotSignedIn`, `Unavailable`.
    pub async fn watch(&self, visitor: &Visitor, wanted: Watched) -> Result<Watch> {
        let mut watch = self.watch_several(visitor, &[wanted]).await?;
        match watch.refused.take() {
            Some(error) => Err(error),
            None => Ok(watch),
        }
    }

    /// As [`Backend::watch`] for several; of one that is not there the first event is `Ended`.
    ///
    /// # Errors
    /// As [`Backend::watch`], but for the first two; `LimitExceeded` (more than 64).
    pub async fn watch_several(&self, visitor: &Visitor, wanted: &[Watched]) -> Result<Watch> {
        if wanted.len() > SESSIONS {
            return Err(Error::limit("watched sessions", SESSIONS, wanted.len()));
        }
        let store = self.store.clone();
        let mut connection = store.database.read().await?;
        let account = store.account(&mut connection, visitor).await?;
        // Before anything is read: what happens in between rings.
        let sessions = wanted.iter().map(|watched| Topic::Session(watched.session));
        let waiter = store.waiter(sessions.collect(), account)?;
        let (mut told, mut places, mut refused) = (VecDeque::new(), Vec::new(), None);
        for watched in wanted {
            match store.owned(&mut connection, visitor, watched.session).await {
                Ok(_) => {}
                Err(error @ (Error::NotFound | Error::Gone { .. })) => {
                    let start = EventCursor::start(store.incarnation());
                    told.push_back(ended(&store, watched.session, start, &error));
                    refused = Some(error);
                    continue;
                }
                Err(error) => return Err(error),
            }
            let (place, first) = Place::begin(&store, &mut connection, watched).await?;
            told.push_back(first);
            places.push(place);
        }
        drop(connection);
        let visitor = visitor.clone();
        Ok(Watch { store, visitor, waiter, sessions: places, told, refused })
    }

    /// Ends all watching, for a server that stops.
    pub fn end_watching(&self) {
        self.store.database.doorbell.close();
    }
}

impl Store {
    /// Waits for something, for an account that may have so many who do.
    pub(super) fn waiter(
        &self,
        mut topics: Vec<Topic>,
        account: Option<AccountId>,
    ) -> Result<Waiter> {
        let doorbell = self.database.doorbell.clone();
        if let Some(topic) = account.map(Topic::Account) {
            if doorbell.count(topic) >= self.settings.watchers_per_account {
                return Err(Error::RateLimited { retry_after_ms: 5_000 });
            }
            topics.push(topic);
        }
        Ok(Waiter::new(doorbell, topics))
    }
}

impl Place {
    async fn begin(
        store: &Store,
        connection: &mut sqlx::AnyConnection,
        watched: &Watched,
    ) -> Result<(Self, SessionEvent)> {
        let session = watched.session;
        let marks = Mark::of(connection, [session]).await?;
        let mark = marks.first().ok_or(Error::NotFound)?;
        let start = EventCursor::start(store.incarnation());
        let now = EventCursor { seq: mark.seq, context: mark.context, ..start };
        let (cursor, kind) = match watched.heard {
            None => (now, EventKind::Opened),
            Some(heard) if heard.incarnation != start.incarnation => (now, EventKind::Gap),
            // From a database that was brought back and counts anew, without having said so.
            Some(heard) if heard.seq > mark.seq || heard.context > mark.context => {
                (now, EventKind::Gap)
            }
            Some(heard) if heard.seq < mark.gone => {
                (EventCursor { seq: mark.gone, ..heard }, EventKind::Gap)
            }
            Some(heard) => (heard, EventKind::Opened),
        };
        let at_ms = store.environment.now_ms();
        Ok((Self { session, cursor }, SessionEvent { session, cursor, at_ms, kind }))
    }
}

fn ended(store: &Store, session: SessionId, cursor: EventCursor, error: &Error) -> SessionEvent {
    let kind = EventKind::Ended { code: error.code().into() };
    SessionEvent { session, cursor, at_ms: store.environment.now_ms(), kind }
}

impl Watch {
    /// The next thing that happens; waits for it. `None`: the server stops, nothing is left to be watched, or whoever
    /// watches may not any more.
    pub async fn next(&mut self) -> Option<SessionEvent> {
        loop {
            if let Some(event) = self.told.pop_front() {
                return Some(event);
            }
            if self.sessions.is_empty() || self.store.database.doorbell.is_closed() {
                return None;
            }
            match self.look().await {
                Ok(true) => {}
                Ok(false) => {
                    let _ = tokio::time::timeout(LOOK, self.waiter.rung()).await;
                }
                Err(Error::Unavailable) => tokio::time::sleep(AGAIN).await,
                Err(error) => {
                    for Place { session, cursor } in std::mem::take(&mut self.sessions) {
                        self.told.push_back(ended(&self.store, session, cursor, &error));
                    }
                }
            }
        }
    }

    /// Reads on; whether there is something to tell.
    async fn look(&mut self) -> Result<bool> {
        let store = &self.store;
        let mut connection = store.database.read().await?;
        let account = store.account(&mut connection, &self.visitor).await?;
        let sessions = self.sessions.iter().map(|place| place.session);
        let marks = Mark::of(&mut connection, sessions).await?;
        let mut at = 0;
        // Each is told of as far as it is read: what fails in between is told by the next look.
        while let Some(place) = self.sessions.get_mut(at) {
            let session = place.session;
            let mark = marks.iter().find(|mark| mark.session == session);
            let theirs = mark.filter(|mark| Some(mark.account) == account);
            let Some(mark) = theirs.filter(|mark| mark.state != SessionState::Deleted) else {
                let error = match theirs {
                    Some(_) => Error::Gone { until_ms: None },
                    None => store.missing(&mut connection, account, session).await?,
                };
                self.told.push_back(ended(store, session, place.cursor, &error));
                self.sessions.remove(at);
                continue;
            };
            if place.cursor.seq < mark.seq {
                let events =
                    read::after(store, &mut connection, session, place.cursor, None).await?;
                // The newest ones may be gone already.
                place.cursor.seq = events.last().map_or(mark.seq, |event| event.cursor.seq);
                self.told.extend(events);
            }
            if place.cursor.context < mark.context {
                place.cursor.context = mark.context;
                let kind = EventKind::Context { version: mark.context };
                let (cursor, at_ms) = (place.cursor, mark.updated_at);
                self.told.push_back(SessionEvent { session, cursor, at_ms, kind });
            }
            at += 1;
        }
        Ok(!self.told.is_empty())
    }
}
