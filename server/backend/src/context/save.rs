//! The way of a save: check, wait for the writer, answer with what the client did not have.

use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::session::SessionState;
use holdfast_domain::wire::{News, Position, SaveOutcome, SaveReply, SaveRequest};
use holdfast_domain::{Error, Result};

use super::news::Here;
use super::request::{Refused, check, scan_items};
use crate::log::{Creation, Job, Outcome};
use crate::{Backend, Visitor};

impl Backend {
    /// Keeps the items of the request, all or none, and answers after they are committed; with it
    /// comes what the client did not have. The same request again changes nothing.
    ///
    /// # Errors
    /// `NotFound` (unknown and not to be created, or another account's), `Gone`, `Archived` (it would change),
    /// `InvalidValue` (name), `LimitExceeded` (request), `RateLimited` (it would create), `StorageFull`, `Unavailable`. What is wrong with an item stands in
    /// the reply's outcome.
    pub async fn save(&self, visitor: &Visitor, mut request: SaveRequest) -> Result<SaveReply> {
        let create = check(&request)?;
        let items = std::mem::take(&mut request.items);
        let items = match scan_items(items).await? {
            Ok(items) => items,
            Err(Refused { index, error }) => {
                tracing::warn!(
                    session = %request.session, index, code = error.code(), "an item was refused"
                );
                let outcome = SaveOutcome::Refused { index, error: (&error).into() };
                return self.pull(visitor, &request, create, outcome).await;
            }
        };
        if items.is_empty() && !self.must_write(visitor, &request, create.is_some()).await? {
            return self.pull(visitor, &request, create, SaveOutcome::Acked).await;
        }
        let mut job = Job::new(visitor.clone(), request.session);
        job.rename = create.as_ref().filter(|_| request.rename).map(|create| create.name.clone());
        job.create = create;
        job.items = items;
        job.active = request.active;
        job.want_state_vector = request.want_state_vector || self.strange(request.have);
        job.have_seq = request.have.map(|have| have.seq);
        self.prepare(visitor, &request, &job).await?;
        let committed = self.writer.submit(job).await?;
        let before = committed.own.map_or(committed.seq, |(first, _)| first - 1);
        self.note_position(request.have, before).await;
        let outcome = match committed.outcome {
            Outcome::Acked => SaveOutcome::Acked,
            Outcome::MissingDependency => SaveOutcome::MissingDependency,
            Outcome::Refused { index, error } => {
                tracing::warn!(
                    session = %request.session, index, code = error.code(), "an item was refused"
                );
                SaveOutcome::Refused { index, error: (&error).into() }
            }
            Outcome::Moved => return Err(Error::Internal),
        };
        let mut here = Here {
            session: request.session,
            seq: committed.seq,
            name: committed.name,
            state: committed.state,
            own: committed.own,
            state_vector: committed.state_vector,
        };
        if committed.lacks_shared {
            let account = committed.account;
            here.seq = self.catch_up_shared(visitor, account, request.session, here.seq).await;
        }
        let news = self.news(request.have, here).await?;
        Ok(SaveReply { batch: request.batch, outcome, news })
    }

    /// What somebody who has nothing of the session needs: the newest base and the log after it,
    /// unmerged. Where it is more than one reply holds, `save` without items brings the rest.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `Unavailable`.
    pub async fn load(&self, visitor: &Visitor, session: SessionId) -> Result<News> {
        let mut connection = self.store.database.read().await?;
        let mut row = self.store.owned(&mut connection, visitor, session).await?;
        if row.lacks_shared() {
            drop(connection);
            row.seq = self.catch_up_shared(visitor, row.account, session, row.seq).await;
            connection = self.store.database.read().await?;
        }
        let here = Here::of(&row, row.name(&self.store, &mut connection).await?);
        drop(connection);
        self.news(None, here).await
    }

    /// Whether a request without items still has something for the writer.
    async fn must_write(
        &self,
        visitor: &Visitor,
        request: &SaveRequest,
        create: bool,
    ) -> Result<bool> {
        let mut connection = self.store.database.read().await?;
        let row = match self.store.owned(&mut connection, visitor, request.session).await {
            Ok(row) => row,
            Err(Error::NotFound) => {
                drop(connection);
                self.note_lost(request).await?;
                return Ok(create);
            }
            Err(error) => return Err(error),
        };
        drop(connection);
        self.note_position(request.have, row.seq).await;
        Ok(request.want_state_vector
            || request.have.is_some_and(|have| have.seq > row.seq)
            || self.strange(request.have)
            || (request.rename && create)
            || (request.active && row.lacks_activity(self.now_ms()))
            || row.lacks_shared())
    }

    /// Whether the client speaks of another life of the database.
    fn strange(&self, have: Option<Position>) -> bool {
        have.is_some_and(|have| have.incarnation != self.store.incarnation())
    }

    /// An answer without writing. A session that is yet to be created has nothing.
    async fn pull(
        &self,
        visitor: &Visitor,
        request: &SaveRequest,
        create: Option<Creation>,
        outcome: SaveOutcome,
    ) -> Result<SaveReply> {
        let mut connection = self.store.database.read().await?;
        let owned = self.store.owned(&mut connection, visitor, request.session).await;
        let taken = self.store.is_taken(&mut connection, request.session).await?;
        let here = match (owned, create) {
            (Ok(row), _) => Here::of(&row, row.name(&self.store, &mut connection).await?),
            (Err(Error::NotFound), Some(create)) if !taken => Here {
                session: request.session,
                seq: 0,
                name: create.name,
                state: SessionState::Active,
                own: None,
                state_vector: None,
            },
            (Err(error), _) => return Err(error),
        };
        drop(connection);
        let news = self.news(request.have, here).await?;
        Ok(SaveReply { batch: request.batch, outcome, news })
    }

    /// As [`Store::make_ready`], where the session is there. If not, the writer decides.
    async fn prepare(&self, visitor: &Visitor, request: &SaveRequest, job: &Job) -> Result<()> {
        if self.store.is_ready(job) {
            return Ok(());
        }
        let mut connection = self.store.database.read().await?;
        let row = match self.store.owned(&mut connection, visitor, job.session).await {
            Ok(row) => row,
            Err(Error::NotFound) => {
                drop(connection);
                return self.note_lost(request).await;
            }
            Err(error) => return Err(error),
        };
        drop(connection);
        self.store.make_ready(&row, job).await
    }

    /// Gives the session the shared values it lacks, and says where its log ends then.
    async fn catch_up_shared(
        &self,
        visitor: &Visitor,
        account: AccountId,
        session: SessionId,
        seq: i64,
    ) -> i64 {
        // What fails here is logged where it happens; the save itself is done.
        if self.apply_shared(account, session).await.is_err() {
            return seq;
        }
        match self.store.database.read().await {
            Ok(mut connection) => {
                let row = self.store.owned(&mut connection, visitor, session).await;
                row.map_or(seq, |row| row.seq)
            }
            Err(_) => seq,
        }
    }
}
