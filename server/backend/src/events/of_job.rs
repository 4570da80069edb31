//! Watching one job: all that is known of it, then what happens, to its end.

use std::collections::VecDeque;
use std::sync::Arc;

use holdfast_domain::event::{EventCursor, EventKind, SessionEvent};
use holdfast_domain::id::{JobId, SessionId};
use holdfast_domain::{Error, Result};

use super::Topic;
use super::doorbell::Waiter;
use super::read;
use super::watch::{AGAIN, LOOK};
use crate::store::Store;
use crate::{Backend, Visitor};

/// Somebody who watches a job. Dropped, nothing of it is left.
pub struct JobWatch {
    backend: Backend,
    visitor: Visitor,
    waiter: Waiter,
    session: SessionId,
    job: JobId,
    cursor: EventCursor,
    told: VecDeque<SessionEvent>,
    /// Nothing more comes.
    ended: bool,
}

impl Backend {
    /// Watches a job of the visitor, beginning with what happened since it was heard of, or with all of it. `None`:
    /// it has come to its end, and that was heard.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `RateLimited` (too many watchers of one account), `NotSignedIn`, `Unavailable`.
    pub async fn watch_job(
        &self,
        visitor: &Visitor,
        job: JobId,
        heard: Option<EventCursor>,
    ) -> Result<Option<JobWatch>> {
        let summary = self.job(visitor, job).await?;
        let store = &self.store;
        let mut connection = store.database.read().await?;
        let account = store.account(&mut connection, visitor).await?.ok_or(Error::NotFound)?;
        drop(connection);
        let waiter = store.waiter(vec![Topic::Session(summary.session)], Some(account))?;
        let start = EventCursor::start(store.incarnation());
        // What another life of the database counted is no place in this one: all of it again.
        let cursor = heard.filter(|heard| heard.is_of(store.incarnation())).unwrap_or(start);
        let mut watch = JobWatch {
            backend: self.clone(),
            visitor: visitor.clone(),
            waiter,
            session: summary.session,
            job,
            cursor,
            told: VecDeque::new(),
            ended: false,
        };
        watch.look().await?;
        if watch.ended && watch.told.is_empty() {
            if cursor != start {
                return Ok(None);
            }
            // Its events are gone; how it ended is not.
            watch.told.push_back(last(store, watch.session, cursor, &summary));
        }
        Ok(Some(watch))
    }
}

/// How a job ended, in place of the event that said so.
fn last(
    store: &Arc<Store>,
    session: SessionId,
    cursor: EventCursor,
    summary: &holdfast_domain::job::JobSummary,
) -> SessionEvent {
    let at_ms = summary.ended_at_ms.unwrap_or_else(|| store.environment.now_ms());
    let kind = EventKind::of_ended(summary);
    SessionEvent { session, cursor, at_ms, kind }
}

impl JobWatch {
    /// The job's session.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// The next thing that happens; waits for it. `None`: nothing more comes, the server stops, or whoever watches may
    /// not any more.
    pub async fn next(&mut self) -> Option<SessionEvent> {
        loop {
            if let Some(event) = self.told.pop_front() {
                return Some(event);
            }
            if self.ended || self.backend.store.database.doorbell.is_closed() {
                return None;
            }
            match self.look().await {
                Ok(()) if self.told.is_empty() && !self.ended => {
                    let _ = tokio::time::timeout(LOOK, self.waiter.rung()).await;
                }
                Ok(()) => {}
                Err(Error::Unavailable) => tokio::time::sleep(AGAIN).await,
                Err(error) => {
                    self.ended = true;
                    let kind = EventKind::Ended { code: error.code().into() };
                    let (session, cursor) = (self.session, self.cursor);
                    let at_ms = self.backend.now_ms();
                    self.told.push_back(SessionEvent { session, cursor, at_ms, kind });
                }
            }
        }
    }

    /// Reads on.
    async fn look(&mut self) -> Result<()> {
        // Asked first: what it is then, its events say.
        let live = self.backend.job(&self.visitor, self.job).await?.state.is_live();
        let store = &self.backend.store;
        let mut connection = store.database.read().await?;
        let (session, job) = (self.session, Some(self.job));
        let events = read::after(store, &mut connection, session, self.cursor, job).await?;
        if let Some(last) = events.last() {
            self.cursor = last.cursor;
        }
        self.ended = !live && events.is_empty();
        self.told.extend(events);
        Ok(())
    }
}
