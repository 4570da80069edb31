//! Making room for a session that comes whole, and giving that up.

use holdfast_domain::session::SessionState;
use holdfast_domain::{Error, Result};

use super::{Arrival, Begun, NewSession};
use crate::cipher::FORMAT;
use crate::creations::By;
use crate::database::{Write, failure};
use crate::keyring::NewKey;
use crate::log::append::{insert_row, shared_seq_of};
use crate::sessions::{SessionRow, seal_name};
use crate::{Backend, Visitor};

/// How often one is begun again because another node did so at the same moment.
const ATTEMPTS: usize = 3;

impl Backend {
    /// Makes room for a session under its id, unless it is there.
    ///
    /// # Errors
    /// `NotFound` (another account's), `Gone`, `RateLimited`, `StorageFull`, `Unavailable`.
    pub(crate) async fn begin_arrival(&self, visitor: &Visitor, new: NewSession) -> Result<Begun> {
        for _ in 0..ATTEMPTS {
            let mut write = self.store.database.write().await?;
            let found = self.store.lock_session(write.connection()?, new.id).await?;
            let key = self.store.keyring.create();
            let Some(row) = found else {
                match self.make_room(write, visitor, &new, &key).await? {
                    Some(row) => return Ok(Begun::New(Arrival { new, row, key: key.key })),
                    None => continue,
                }
            };
            let row = self.store.found(write.connection()?, visitor, new.id, Some(row)).await?;
            if row.is_arriving() {
                let row = self.take_over(write, row, &new, &key).await?;
                return Ok(Begun::New(Arrival { new, row, key: key.key }));
            }
            if row.state == SessionState::Deleted {
                return Err(row.gone(&self.store));
            }
            return Ok(Begun::There(row.summary(&self.store, write.connection()?).await?));
        }
        Err(Error::Unavailable)
    }

    /// `None`: another node was quicker.
    async fn make_room(
        &self,
        mut write: Write,
        visitor: &Visitor,
        new: &NewSession,
        key: &NewKey,
    ) -> Result<Option<SessionRow>> {
        let (store, connection) = (&self.store, write.connection()?);
        if store.destroyed_by(connection, new.id).await?.is_some() {
            let account = store.account(connection, visitor).await?;
            return Err(store.missing(connection, account, new.id).await?);
        }
        let account = store.ensure_account(connection, visitor).await?;
        store.creations.count(&By::Account(account))?;
        store.keyring.insert(connection, key).await?;
        let now = store.environment.now_ms();
        let account_shared_seq = shared_seq_of(connection, &account.to_string()).await?;
        let row = SessionRow {
            id: new.id,
            account,
            seq: 0,
            log_bytes: 0,
            shared_seq: new.shared_seq.unwrap_or(account_shared_seq),
            account_shared_seq,
            automatic_at: now,
            state: SessionState::Deleted,
            state_at: now,
            state_before: Some(SessionState::Deleted),
            key: key.key.id.clone(),
            format: FORMAT,
            name: seal_name(&key.key, &*store.environment, new.id, &new.name)?,
            created_at: new.created_at.clamp(0, now),
            updated_at: now,
            active_at: now,
        };
        if !insert_row(connection, &row).await? {
            return Ok(None);
        }
        write.commit().await?;
        Ok(Some(row))
    }

    /// Goes on in the place of one that broke off or is still coming.
    async fn take_over(
        &self,
        mut write: Write,
        before: SessionRow,
        new: &NewSession,
        key: &NewKey,
    ) -> Result<SessionRow> {
        let (store, connection) = (&self.store, write.connection()?);
        store.keyring.insert(connection, key).await?;
        let now = store.environment.now_ms();
        let row = SessionRow {
            seq: 0,
            log_bytes: 0,
            shared_seq: new.shared_seq.unwrap_or(before.account_shared_seq),
            state_at: now,
            key: key.key.id.clone(),
            format: FORMAT,
            name: seal_name(&key.key, &*store.environment, new.id, &new.name)?,
            created_at: new.created_at.clamp(0, now),
            ..before.clone()
        };
        sqlx::query(
            "UPDATE sessions SET key = $1, format = $2, name = $3, created_at = $4, state_at = $5 \
             WHERE id = $6",
        )
        .bind(row.key.clone())
        .bind(row.format)
        .bind(row.name.clone())
        .bind(row.created_at)
        .bind(row.state_at)
        .bind(row.id.to_string())
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        store.keyring.destroy(connection, &before.key).await?;
        write.commit().await?;
        store.keyring.forget(&before.key);
        self.delete_parts(row.id, &row.key).await?;
        Ok(row)
    }

    /// Removes what has come so far, unless somebody else took over.
    pub(crate) async fn give_up(&self, arrival: Arrival) -> Result<()> {
        let (id, key) = (arrival.row.id, &arrival.row.key);
        self.delete_parts(id, key).await?;
        let mut write = arrival.lock(self).await?;
        sqlx::query("DELETE FROM sessions WHERE id = $1")
            .bind(id.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        self.store.keyring.destroy(write.connection()?, key).await?;
        write.commit().await?;
        self.store.keyring.forget(key);
        Ok(())
    }
}
