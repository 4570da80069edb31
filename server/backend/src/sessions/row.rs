//! A row of `sessions`, and whose it is.

use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_domain::{Environment, Error, Result};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::ACTIVITY_MS;
use super::find::After;
use crate::Visitor;
use crate::cipher::{Key, Place};
use crate::column::{column, id, optional_word, to_word, word};
use crate::database::failure;
use crate::store::Store;

/// The columns [`SessionRow::read`] reads; callers add conditions on `s`.
pub(crate) const SELECT: &str = "SELECT s.id, s.account, s.seq, s.log_bytes, s.shared_seq, \
     s.automatic_at, s.state, s.state_at, s.state_before, s.key, s.format, s.name, s.created_at, s.updated_at, s.active_at, \
     a.shared_seq AS account_shared_seq \
     FROM sessions s JOIN accounts a ON a.id = s.account";

/// What is shown for a name that can no longer be read.
const UNREADABLE: &str = "Session";

/// A session as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(crate) id: SessionId,
    pub(crate) account: AccountId,
    /// Newest row of the log.
    pub(crate) seq: i64,
    /// Bytes of all its rows.
    pub(crate) log_bytes: i64,
    /// How far the account's shared values were applied...
    pub(crate) shared_seq: i64,
    /// ...and how far there are some.
    pub(crate) account_shared_seq: i64,
    /// When the last automatic snapshot was due.
    pub(crate) automatic_at: i64,
    pub(crate) state: SessionState,
    /// When it came into that...
    pub(crate) state_at: i64,
    /// ...and, where it is deleted and can be brought back, what it was before.
    pub(crate) state_before: Option<SessionState>,
    /// Id of its key.
    pub(crate) key: String,
    pub(crate) format: i64,
    pub(crate) name: Vec<u8>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) active_at: i64,
}

impl SessionRow {
    pub(crate) fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: id(row, "id")?,
            account: id(row, "account")?,
            seq: column(row, "seq")?,
            log_bytes: column(row, "log_bytes")?,
            shared_seq: column(row, "shared_seq")?,
            account_shared_seq: column(row, "account_shared_seq")?,
            automatic_at: column(row, "automatic_at")?,
            state: word(row, "state")?,
            state_at: column(row, "state_at")?,
            state_before: optional_word(row, "state_before")?,
            key: column(row, "key")?,
            format: column(row, "format")?,
            name: column(row, "name")?,
            created_at: column(row, "created_at")?,
            updated_at: column(row, "updated_at")?,
            active_at: column(row, "active_at")?,
        })
    }

    /// Those that are not deleted, most recently used first.
    pub(crate) async fn of_account(
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<Vec<Self>> {
        let rest = "AND s.state <> 'deleted' ORDER BY s.active_at DESC, s.id DESC";
        Self::listed(connection, account, rest).await
    }

    /// Those that are deleted, last deleted first.
    pub(super) async fn deleted_of_account(
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<Vec<Self>> {
        let rest = "AND s.state = 'deleted' ORDER BY s.state_at DESC, s.id DESC";
        Self::listed(connection, account, rest).await
    }

    /// Some that are not deleted, most recently used first, after a place in that order.
    pub(super) async fn page(
        connection: &mut AnyConnection,
        account: AccountId,
        state: Option<SessionState>,
        after: Option<After>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        // What is not asked for is not compared: both databases want to know a placeholder's type.
        let sql = format!(
            "{SELECT} WHERE s.account = $1 AND s.state <> 'deleted' AND ($2 = '' OR s.state = $2) \
             AND (s.active_at < $3 OR (s.active_at = $3 AND s.id < $4)) \
             ORDER BY s.active_at DESC, s.id DESC LIMIT $5"
        );
        let state = state.map(to_word).transpose()?;
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(account.to_string())
            .bind(state.unwrap_or_default())
            .bind(after.map_or(i64::MAX, |after| after.active_at))
            .bind(after.map(|after| after.id.to_string()).unwrap_or_default())
            .bind(limit)
            .fetch_all(connection)
            .await
            .map_err(failure)?;
        rows.iter().map(Self::read).collect()
    }

    async fn listed(
        connection: &mut AnyConnection,
        account: AccountId,
        rest: &str,
    ) -> Result<Vec<Self>> {
        let rows = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE s.account = $1 {rest}")))
            .bind(account.to_string())
            .fetch_all(connection)
            .await
            .map_err(failure)?;
        rows.iter().map(Self::read).collect()
    }

    /// Whether it is time to note that somebody uses it. Also where that is noted for a time to come: a
    /// clock that was wrong did so.
    pub(crate) fn is_idle(&self, now: i64) -> bool {
        now.abs_diff(self.active_at) >= ACTIVITY_MS
    }

    /// Whether that a person uses it now is to be written.
    pub(crate) fn lacks_activity(&self, now: i64) -> bool {
        self.is_idle(now) || self.state == SessionState::Abandoned
    }

    /// A person uses it now: abandoned, it is active again. Whether that changes anything.
    pub(crate) fn note_activity(&mut self, now: i64) -> bool {
        let changed = now != self.active_at || self.state == SessionState::Abandoned;
        self.active_at = now;
        if self.state == SessionState::Abandoned {
            self.state = SessionState::Active;
            self.state_at = now;
        }
        changed
    }

    /// Until when it can be brought back; `None` where it is not deleted, or it is too late. A clock that is
    /// put back makes no difference any more once its destruction began.
    pub(super) fn gone_until(&self, store: &Store) -> Option<i64> {
        let until = self.state_at.saturating_add(store.settings.grace_ms());
        let before = self.state_before.filter(|before| *before != SessionState::Deleted);
        let deleted = self.state == SessionState::Deleted && before.is_some();
        (deleted && store.environment.now_ms() < until).then_some(until)
    }

    /// Whether it is still coming, as a copy or from a file.
    pub(crate) fn is_arriving(&self) -> bool {
        self.state == SessionState::Deleted && self.state_before == Some(SessionState::Deleted)
    }

    /// What its owner is answered where it is deleted.
    pub(crate) fn gone(&self, store: &Store) -> Error {
        Error::Gone { until_ms: self.gone_until(store) }
    }

    /// Whether values were shared that this session does not have yet.
    pub(crate) fn lacks_shared(&self) -> bool {
        self.state == SessionState::Active && self.shared_seq < self.account_shared_seq
    }

    /// The name. One that cannot be read any more is set aside: the session still opens.
    pub(crate) async fn name(
        &self,
        store: &Store,
        connection: &mut AnyConnection,
    ) -> Result<String> {
        let name = match store.keyring.get(connection, &self.key).await {
            Ok(key) => self.open_name(&key),
            Err(Error::Damaged) => None,
            Err(error) => return Err(error),
        };
        Ok(name.unwrap_or_else(|| {
            store.set_aside(self.id, "sessions", &self.id.to_string());
            UNREADABLE.into()
        }))
    }

    fn open_name(&self, key: &Key) -> Option<String> {
        let id = self.id.to_string();
        let bytes = key.open(self.format, place(&id), &self.name).ok()?;
        String::from_utf8(bytes).ok()
    }

    pub(crate) async fn summary(
        &self,
        store: &Store,
        connection: &mut AnyConnection,
    ) -> Result<SessionSummary> {
        Ok(SessionSummary {
            id: self.id,
            name: self.name(store, connection).await?,
            state: self.state,
            created_at_ms: self.created_at,
            updated_at_ms: self.updated_at,
            active_at_ms: self.active_at,
        })
    }
}

fn place(session: &str) -> Place<'_> {
    Place { table: "sessions", owner: session, id: session }
}

/// Encrypts a session's name.
pub(crate) fn seal_name(
    key: &Key,
    environment: &dyn Environment,
    session: SessionId,
    name: &str,
) -> Result<Vec<u8>> {
    key.seal(environment, place(&session.to_string()), name.as_bytes())
}

impl Store {
    /// A session, whoever owns it.
    pub(crate) async fn find_session(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
    ) -> Result<Option<SessionRow>> {
        find(connection, session, "").await
    }

    /// As [`Store::find_session`], and nobody changes it until the transaction ends.
    pub(crate) async fn lock_session(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
    ) -> Result<Option<SessionRow>> {
        find(connection, session, self.database.dialect.lock_sessions()).await
    }

    /// A session of the visitor's; another account's is `NotFound` as an unknown one is (SEC-3), one that
    /// was deleted is `Gone`.
    pub(crate) async fn owned(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        session: SessionId,
    ) -> Result<SessionRow> {
        let row = self.find_session(connection, session).await?;
        self.of_visitor(connection, visitor, session, row).await
    }

    /// As [`Store::owned`], and nobody else changes it until the transaction ends.
    pub(crate) async fn owned_to_change(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        session: SessionId,
    ) -> Result<SessionRow> {
        let row = self.lock_session(connection, session).await?;
        self.of_visitor(connection, visitor, session, row).await
    }

    /// As [`Store::owned_to_change`], also where it is deleted and not destroyed yet.
    pub(super) async fn owned_or_gone(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        session: SessionId,
    ) -> Result<SessionRow> {
        let row = self.lock_session(connection, session).await?;
        self.found(connection, visitor, session, row).await
    }

    async fn of_visitor(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        session: SessionId,
        row: Option<SessionRow>,
    ) -> Result<SessionRow> {
        let row = self.found(connection, visitor, session, row).await?;
        if row.state == SessionState::Deleted { Err(row.gone(self)) } else { Ok(row) }
    }

    /// A session that was looked up, if it is the visitor's, deleted or not.
    pub(crate) async fn found(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        session: SessionId,
        row: Option<SessionRow>,
    ) -> Result<SessionRow> {
        let account = self.account(connection, visitor).await?;
        match row {
            Some(row) if Some(row.account) == account => Ok(row),
            Some(_) => Err(Error::NotFound),
            None => Err(self.missing(connection, account, session).await?),
        }
    }
}

async fn find(
    connection: &mut AnyConnection,
    session: SessionId,
    lock: &str,
) -> Result<Option<SessionRow>> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE s.id = $1{lock}")))
        .bind(session.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure)?;
    row.as_ref().map(SessionRow::read).transpose()
}
