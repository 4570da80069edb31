//! The sessions of an account.

mod ageing;
mod create;
mod ending;
mod find;
mod life;
mod row;

use holdfast_domain::event::EventKind;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionSummary, check_name};
use holdfast_domain::{Error, Result};

use crate::column::to_word;
use crate::database::failure;
use crate::events::NewEvent;
use crate::{Backend, Visitor};
pub(crate) use ageing::Aged;
pub use create::SessionDetail;
pub use find::{SessionPage, SessionQuery};
pub(crate) use row::{SELECT as SELECT_SESSIONS, SessionRow, seal_name};

/// Activity alone is written this often.
pub(crate) const ACTIVITY_MS: u64 = 15_000;

impl Backend {
    /// The visitor's sessions that are not deleted, most recently used first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list_sessions(&self, visitor: &Visitor) -> Result<Vec<SessionSummary>> {
        let mut connection = self.store.database.read().await?;
        let Some(account) = self.store.account(&mut connection, visitor).await? else {
            return Ok(Vec::new());
        };
        let rows = SessionRow::of_account(&mut connection, account).await?;
        let keys = rows.iter().map(|row| row.key.as_str());
        self.store.keyring.load(&mut connection, keys).await?;
        let mut summaries = Vec::with_capacity(rows.len());
        for row in rows {
            summaries.push(row.summary(&self.store, &mut connection).await?);
        }
        Ok(summaries)
    }

    /// One session.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `Unavailable`.
    pub async fn session(&self, visitor: &Visitor, session: SessionId) -> Result<SessionSummary> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        row.summary(&self.store, &mut connection).await
    }

    /// Gives a session another name.
    ///
    /// # Errors
    /// `InvalidValue`, `NotFound`, `Gone`, `StorageFull`, `Unavailable`.
    pub async fn rename_session(
        &self,
        visitor: &Visitor,
        session: SessionId,
        name: &str,
    ) -> Result<SessionSummary> {
        self.rename_session_as_read(visitor, session, name, None).await
    }

    /// The same, unless the session changed since it was read: `updated_at_ms` is what it said then.
    ///
    /// # Errors
    /// As [`Backend::rename_session`]; `Changed`.
    pub async fn rename_session_as_read(
        &self,
        visitor: &Visitor,
        session: SessionId,
        name: &str,
        updated_at_ms: Option<i64>,
    ) -> Result<SessionSummary> {
        let name = check_name(name)?;
        let mut write = self.store.database.write().await?;
        let row = self.store.owned_to_change(write.connection()?, visitor, session).await?;
        if updated_at_ms.is_some_and(|read| read != row.updated_at) {
            return Err(Error::Changed);
        }
        let key = self.store.keyring.get(write.connection()?, &row.key).await?;
        let sealed = seal_name(&key, &*self.store.environment, session, &name)?;
        let now = self.store.environment.now_ms();
        sqlx::query(
            "UPDATE sessions SET name = $1, format = $2, updated_at = $3, active_at = $3 \
             WHERE id = $4",
        )
        .bind(sealed)
        .bind(crate::cipher::FORMAT)
        .bind(now)
        .bind(session.to_string())
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        let kind = EventKind::Renamed { name: name.clone() };
        NewEvent { session, key: &key, kind: &kind }.append(&self.store, &mut write).await?;
        write.commit().await?;
        Ok(SessionSummary {
            id: session,
            name,
            state: row.state,
            created_at_ms: row.created_at,
            updated_at_ms: now,
            active_at_ms: now,
        })
    }

    /// Notes that a person uses the session now, unless that was noted a moment ago. One that was abandoned
    /// is active again.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `StorageFull`, `Unavailable`.
    pub async fn touch_session(&self, visitor: &Visitor, session: SessionId) -> Result<()> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        drop(connection);
        if !row.lacks_activity(self.now_ms()) {
            return Ok(());
        }
        let mut write = self.store.database.write().await?;
        let mut row = self.store.owned_to_change(write.connection()?, visitor, session).await?;
        let before = row.state;
        row.note_activity(self.now_ms());
        sqlx::query("UPDATE sessions SET active_at = $1, state = $2, state_at = $3 WHERE id = $4")
            .bind(row.active_at)
            .bind(to_word(row.state)?)
            .bind(row.state_at)
            .bind(session.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        if row.state != before {
            self.store.tell(&mut write, &row, &EventKind::State { state: row.state }).await?;
        }
        write.commit().await
    }
}
