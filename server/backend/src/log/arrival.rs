//! A session that comes whole rather than by saves: a copy, or one from a file.
//!
//! Until its last row is there, the session is `deleted` and was so before, which is what no other session is: nobody
//! sees it, nothing is saved into it, it cannot be brought back, and where the rest never comes the sweep destroys
//! it. Each portion is a transaction of its own, so that saves need not wait for a large one. Who comes with the same
//! id meanwhile takes over by giving it another key.

mod begin;

use std::sync::Arc;

use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_domain::{Error, Result};

use super::frame;
use super::insert::{self, NewRow};
use crate::Backend;
use crate::audit::Entry;
use crate::blocking::blocking;
use crate::cipher::Key;
use crate::column::to_word;
use crate::database::{Write, failure};
use crate::sessions::SessionRow;
use crate::snapshots::{NewSnapshot, PastSnapshot};

/// What is to come. The name is checked.
pub(crate) struct NewSession {
    pub(crate) id: SessionId,
    pub(crate) name: String,
    pub(crate) created_at: i64,
    /// How far the account's shared values are in it; `None`: as far as there are some.
    pub(crate) shared_seq: Option<i64>,
    /// What the audit log says of it, and in which words.
    pub(crate) kind: AuditKind,
    pub(crate) detail: String,
}

/// A row of a log that was written before.
pub(crate) struct PastRow {
    pub(crate) at: i64,
    /// `None`: the account to which it comes.
    pub(crate) author: Option<AccountId>,
    pub(crate) restored: bool,
    /// Scanned; each builds on what is before it.
    pub(crate) updates: Vec<Vec<u8>>,
}

/// Whether it is to come.
pub(crate) enum Begun {
    /// It came before.
    There(SessionSummary),
    /// Not yet.
    New(Arrival),
}

/// A session that is coming.
pub(crate) struct Arrival {
    new: NewSession,
    /// As it will be.
    row: SessionRow,
    key: Arc<Key>,
}

impl Arrival {
    /// A transaction in which nobody else takes over.
    async fn lock(&self, backend: &Backend) -> Result<Write> {
        let mut write = backend.store.database.write().await?;
        let row = backend.store.lock_session(write.connection()?, self.row.id).await?;
        let ours = row.is_some_and(|row| row.is_arriving() && row.key == self.row.key);
        if ours { Ok(write) } else { Err(Error::Unavailable) }
    }

    /// Appends rows.
    pub(crate) async fn put(&mut self, backend: &Backend, rows: Vec<PastRow>) -> Result<()> {
        let (store, key, mut row) = (backend.store.clone(), self.key.clone(), self.row.clone());
        let bytes = rows.iter().flat_map(|row| &row.updates).map(Vec::len).sum();
        let sealed = blocking(bytes, move || {
            let mut sealed = Vec::with_capacity(rows.len());
            for past in rows {
                let frame = frame::pack(past.updates.iter().map(Vec::as_slice));
                row.seq += 1;
                let new = NewRow::seal(&store, &key, &row, past.at, past.restored, &frame)?;
                row.log_bytes += new.size;
                sealed.push(new.by(past.author.unwrap_or(row.account)));
            }
            Ok::<_, Error>((row, sealed))
        });
        let (row, sealed) = sealed.await??;
        let mut write = self.lock(backend).await?;
        insert::rows(write.connection()?, sealed.into_iter()).await?;
        write.commit().await?;
        self.row = row;
        Ok(())
    }

    /// Notes that CRDT client ids are the account's.
    pub(crate) async fn put_clients(&self, backend: &Backend, clients: &[u64]) -> Result<()> {
        let mut write = self.lock(backend).await?;
        insert::clients(write.connection()?, &self.row, clients).await?;
        write.commit().await
    }

    /// Adds snapshots of rows.
    pub(crate) async fn put_snapshots(
        &self,
        backend: &Backend,
        snapshots: &[PastSnapshot],
    ) -> Result<()> {
        let (store, mut write) = (&*backend.store, self.lock(backend).await?);
        for past in snapshots {
            let now = store.environment.now_ms();
            let snapshot = NewSnapshot::past(&self.row, past, now, &store.settings);
            snapshot.insert(store, write.connection()?, &self.key).await?;
        }
        write.commit().await
    }

    /// All of it has come: it is a session like others.
    pub(crate) async fn finish(&self, backend: &Backend) -> Result<SessionSummary> {
        let (store, row) = (&*backend.store, &self.row);
        let mut write = self.lock(backend).await?;
        let connection = write.connection()?;
        let now = store.environment.now_ms();
        sqlx::query(
            "UPDATE sessions SET seq = $1, log_bytes = $2, shared_seq = $3, automatic_at = $4, \
             state = $5, state_at = $4, state_before = NULL, updated_at = $4, active_at = $4 \
             WHERE id = $6",
        )
        .bind(row.seq)
        .bind(row.log_bytes)
        .bind(row.shared_seq)
        .bind(now)
        .bind(to_word(SessionState::Active)?)
        .bind(row.id.to_string())
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        let entry = Entry::of(row.account, self.new.kind).session(row.id);
        entry.detail(&self.new.detail).write(store, connection).await?;
        write.commit().await?;
        store.heads.forget(row.id);
        store.documents.forget(row.id);
        backend.compactor.offer(row.id);
        Ok(SessionSummary {
            id: row.id,
            name: self.new.name.clone(),
            state: SessionState::Active,
            created_at_ms: row.created_at,
            updated_at_ms: now,
            active_at_ms: now,
        })
    }
}
