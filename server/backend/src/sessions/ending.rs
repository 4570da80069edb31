//! The end of a session (SESS-3, SEC-5): it can be brought back for a while, then all of it is destroyed,
//! its key too. What stays is a keyed hash of its id: a device that was offline all the time is told that
//! it is gone, rather than believed that the database lost it (SYNC-6).

use std::time::Duration;

use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::session::GoneSession;
use holdfast_domain::{Error, Result};
use sqlx::{AnyConnection, AssertSqlSafe};
use tokio::time::Instant;

use super::row::SessionRow;
use crate::column::{column, id};
use crate::database::failure;
use crate::master_key::hmac;
use crate::store::Store;
use crate::{Backend, Visitor, hex};

/// A transaction that takes longer than this is made shorter.
const PORTION: Duration = Duration::from_millis(50);

/// Rows in one transaction: at first, and at most. A row of the log may be as large as a context.
const ROWS: (i64, i64) = (16, 4_096);

/// Sessions looked up at once.
const AT_ONCE: i64 = 64;

/// What belongs to a session, and what tells its rows apart.
const PARTS: [(&str, &str); 9] = [
    ("context_updates", "seq"),
    ("context_bases", "seq"),
    ("context_clients", "client"),
    ("snapshots", "id"),
    ("restores", "id"),
    ("activity", "quarter"),
    ("session_events", "seq"),
    ("job_parts", "part"),
    ("jobs", "id"),
];

impl Backend {
    /// The visitor's sessions that were deleted and can still be brought back, last deleted first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn gone_sessions(&self, visitor: &Visitor) -> Result<Vec<GoneSession>> {
        let mut connection = self.store.database.read().await?;
        let Some(account) = self.store.account(&mut connection, visitor).await? else {
            return Ok(Vec::new());
        };
        let mut gone = Vec::new();
        for row in SessionRow::deleted_of_account(&mut connection, account).await? {
            let Some(until_ms) = row.gone_until(&self.store) else { continue };
            let name = row.name(&self.store, &mut connection).await?;
            gone.push(GoneSession { id: row.id, name, deleted_at_ms: row.state_at, until_ms });
        }
        Ok(gone)
    }

    /// Destroys the sessions whose grace is over, and says how many. One whose destruction broke off is
    /// destroyed to the end.
    pub(crate) async fn destroy_deleted_sessions(&self) -> Result<u64> {
        let before = self.now_ms().saturating_sub(self.store.settings.grace_ms());
        let mut destroyed = 0;
        loop {
            let mut connection = self.store.database.read().await?;
            let rows = sqlx::query(
                "SELECT id FROM sessions WHERE state = 'deleted' \
                 AND (state_at <= $1 OR state_before IS NULL) LIMIT $2",
            )
            .bind(before)
            .bind(AT_ONCE)
            .fetch_all(&mut *connection)
            .await
            .map_err(failure)?;
            drop(connection);
            if rows.is_empty() {
                return Ok(destroyed);
            }
            for row in &rows {
                if self.destroy(id(row, "id")?, before).await? {
                    destroyed += 1;
                }
            }
        }
    }

    /// `false`: it was brought back in between, or is destroyed already.
    async fn destroy(&self, session: SessionId, before: i64) -> Result<bool> {
        let Some(key) = self.doom(session, before).await? else { return Ok(false) };
        self.delete_parts(session, &key).await?;
        let mut write = self.store.database.write().await?;
        let Some(row) = self.store.lock_session(write.connection()?, session).await? else {
            return Ok(false);
        };
        self.store.note_destroyed(write.connection()?, &row).await?;
        sqlx::query("DELETE FROM sessions WHERE id = $1")
            .bind(session.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        self.store.keyring.destroy(write.connection()?, &key).await?;
        write.commit().await?;
        self.store.keyring.forget(&key);
        Ok(true)
    }

    /// Deletes all that belongs to a session but its own row, as long as it has this key.
    pub(crate) async fn delete_parts(&self, session: SessionId, key: &str) -> Result<()> {
        let mut rows = ROWS.0;
        for (table, column) in PARTS {
            let sql = format!(
                "DELETE FROM {table} WHERE session = $1 AND {column} IN \
                 (SELECT {column} FROM {table} WHERE session = $1 ORDER BY {column} LIMIT $2) \
                 AND EXISTS (SELECT 1 FROM sessions WHERE id = $1 AND key = $3)"
            );
            while self.delete_some(&sql, session, key, &mut rows).await? > 0 {}
        }
        Ok(())
    }

    /// From here on it cannot be brought back. Its key, where it is still to be destroyed.
    async fn doom(&self, session: SessionId, before: i64) -> Result<Option<String>> {
        let mut write = self.store.database.write().await?;
        let row = sqlx::query(
            "UPDATE sessions SET state_before = NULL WHERE id = $1 AND state = 'deleted' \
             AND (state_at <= $2 OR state_before IS NULL) RETURNING key",
        )
        .bind(session.to_string())
        .bind(before)
        .fetch_optional(write.connection()?)
        .await
        .map_err(failure)?;
        let key = row.map(|row| column(&row, "key")).transpose()?;
        write.commit().await?;
        self.store.heads.forget(session);
        self.store.documents.forget(session);
        Ok(key)
    }

    /// Deletes so many rows by a transaction of its own, and finds out how many the next one may delete.
    async fn delete_some(
        &self,
        sql: &str,
        session: SessionId,
        key: &str,
        rows: &mut i64,
    ) -> Result<u64> {
        let mut write = self.store.database.write().await?;
        let begun = Instant::now();
        let deleted = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .bind(session.to_string())
            .bind(*rows)
            .bind(key.to_owned())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await?;
        let longer = if begun.elapsed() > PORTION { *rows / 4 } else { *rows * 2 };
        *rows = longer.clamp(1, ROWS.1);
        Ok(deleted.rows_affected())
    }
}

impl Store {
    /// Whether the id cannot be given to a new session: there is one, or there was.
    pub(crate) async fn is_taken(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
    ) -> Result<bool> {
        let there = self.find_session(connection, session).await?.is_some();
        Ok(there || self.destroyed_by(connection, session).await?.is_some())
    }

    /// What the account is answered about a session that is not there.
    pub(crate) async fn missing(
        &self,
        connection: &mut AnyConnection,
        account: Option<AccountId>,
        session: SessionId,
    ) -> Result<Error> {
        let owner = self.destroyed_by(connection, session).await?;
        let own = owner.is_some() && owner == account;
        Ok(if own { Error::Gone { until_ms: None } } else { Error::NotFound })
    }

    /// Whose session it was, where it was destroyed.
    pub(crate) async fn destroyed_by(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
    ) -> Result<Option<AccountId>> {
        let row = sqlx::query("SELECT account FROM destroyed_sessions WHERE hash = $1")
            .bind(self.hash_of(session))
            .fetch_optional(connection)
            .await
            .map_err(failure)?;
        row.map(|row| id(&row, "account")).transpose()
    }

    async fn note_destroyed(&self, connection: &mut AnyConnection, row: &SessionRow) -> Result<()> {
        sqlx::query(
            "INSERT INTO destroyed_sessions (hash, account, at) VALUES ($1, $2, $3) \
             ON CONFLICT (hash) DO NOTHING",
        )
        .bind(self.hash_of(row.id))
        .bind(row.account.to_string())
        .bind(self.environment.now_ms())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }

    fn hash_of(&self, session: SessionId) -> String {
        hex::encode(&hmac(&self.destroyed_key, session.to_string().as_bytes()))
    }
}
