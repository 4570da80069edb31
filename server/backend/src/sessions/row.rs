//! A row of `sessions`, and whose it is.

use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_domain::{Environment, Error, Result};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::ACTIVITY_MS;
use crate::Visitor;
use crate::cipher::{Key, Place};
use crate::column::{column, id, word};
use crate::database::failure;
use crate::store::Store;

/// The columns [`SessionRow::read`] reads; callers add conditions on `s`.
pub(crate) const SELECT: &str = "SELECT s.id, s.account, s.seq, s.log_bytes, s.shared_seq, \
     s.automatic_at, s.state, s.key, s.format, s.name, s.created_at, s.updated_at, s.active_at, \
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
            key: column(row, "key")?,
            format: column(row, "format")?,
            name: column(row, "name")?,
            created_at: column(row, "created_at")?,
            updated_at: column(row, "updated_at")?,
            active_at: column(row, "active_at")?,
        })
    }

    pub(crate) async fn of_account(
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<Vec<Self>> {
        let sql = format!("{SELECT} WHERE s.account = $1 ORDER BY s.active_at DESC, s.id DESC");
        let rows = sqlx::query(AssertSqlSafe(sql))
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

    pub(super) async fn summary(
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

    /// A session of the visitor's; another account's is `NotFound` as an unknown one is (SEC-3).
    pub(crate) async fn owned(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        session: SessionId,
    ) -> Result<SessionRow> {
        let row = self.find_session(connection, session).await?;
        self.of_visitor(connection, visitor, row).await
    }

    /// As [`Store::owned`], and nobody else changes it until the transaction ends.
    pub(crate) async fn owned_to_change(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        session: SessionId,
    ) -> Result<SessionRow> {
        let row = self.lock_session(connection, session).await?;
        self.of_visitor(connection, visitor, row).await
    }

    async fn of_visitor(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        row: Option<SessionRow>,
    ) -> Result<SessionRow> {
        let account = self.account(connection, visitor).await?;
        row.filter(|row| Some(row.account) == account).ok_or(Error::NotFound)
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
