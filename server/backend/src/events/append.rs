//! Writing an event, in the transaction that makes it happen.

use holdfast_domain::event::EventKind;
use holdfast_domain::id::SessionId;
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use super::Topic;
use crate::cipher::{FORMAT, Key, Place};
use crate::column::column;
use crate::database::{Write, failure};
use crate::sessions::SessionRow;
use crate::store::Store;

/// An event that is about to be written.
pub(crate) struct NewEvent<'a> {
    pub(crate) session: SessionId,
    /// The session's.
    pub(crate) key: &'a Key,
    pub(crate) kind: &'a EventKind,
}

impl NewEvent<'_> {
    /// Writes it after those before it, and has watchers look once the transaction is committed. The session's row
    /// is locked to its end: to be called last where other sessions' rows are locked too.
    pub(crate) async fn append(self, store: &Store, write: &mut Write) -> Result<i64> {
        let seq = next_seq(write.connection()?, self.session).await?;
        let job = self.kind.job().map(|event| event.job.to_string());
        let payload = serde_json::to_vec(self.kind).map_err(|_| Error::Internal)?;
        let (owner, id) = (self.session.to_string(), seq.to_string());
        let place = Place { table: "session_events", owner: &owner, id: &id };
        let sealed = self.key.seal(&*store.environment, place, &payload)?;
        sqlx::query(
            "INSERT INTO session_events (session, seq, at, job, key, format, payload) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(owner)
        .bind(seq)
        .bind(store.environment.now_ms())
        .bind(job)
        .bind(self.key.id.clone())
        .bind(FORMAT)
        .bind(sealed)
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        write.ring(Topic::Session(self.session));
        Ok(seq)
    }
}

impl Store {
    /// The same of a session whose row was read.
    pub(crate) async fn tell(
        &self,
        write: &mut Write,
        row: &SessionRow,
        kind: &EventKind,
    ) -> Result<()> {
        let key = self.keyring.get(write.connection()?, &row.key).await?;
        NewEvent { session: row.id, key: &key, kind }.append(self, write).await?;
        Ok(())
    }
}

async fn next_seq(connection: &mut AnyConnection, session: SessionId) -> Result<i64> {
    let row = sqlx::query(
        "UPDATE sessions SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq",
    )
    .bind(session.to_string())
    .fetch_optional(connection)
    .await
    .map_err(failure)?;
    column(&row.ok_or(Error::NotFound)?, "event_seq")
}
