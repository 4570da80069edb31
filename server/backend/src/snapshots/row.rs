//! Rows of `snapshots`.

use holdfast_domain::id::{AccountId, SessionId, SnapshotId};
use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest, SnapshotSummary};
use holdfast_domain::{Error, Result};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::past::PastSnapshot;
use crate::cipher::{FORMAT, Key, Place};
use crate::column::{column, id, to_word, word};
use crate::database::failure;
use crate::sessions::SessionRow;
use crate::store::Store;
use crate::{Backend, Settings, Visitor};

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const TABLE: &str = "snapshots";
const SELECT: &str = "SELECT session, id, seq, kind, pinned, author, size, key, format, name, \
     created_at, expires_at FROM snapshots";
/// What is shown for a name that can no longer be read.
const UNREADABLE: &str = "Snapshot";

/// A snapshot to be written: the session as `SessionRow` has it.
pub(crate) struct NewSnapshot {
    session: SessionId,
    id: SnapshotId,
    seq: i64,
    size: i64,
    kind: SnapshotKind,
    author: AccountId,
    pinned: bool,
    name: String,
    created_at: i64,
    expires_at: i64,
}

impl NewSnapshot {
    pub(crate) fn new(
        session: &SessionRow,
        id: SnapshotId,
        name: &str,
        kind: SnapshotKind,
        now: i64,
        settings: &Settings,
    ) -> Self {
        Self {
            session: session.id,
            id,
            seq: session.seq,
            size: session.log_bytes,
            kind,
            author: session.account,
            pinned: false,
            name: name.into(),
            created_at: now,
            expires_at: now.saturating_add(DAY_MS.saturating_mul(settings.snapshot_days.into())),
        }
    }

    pub(crate) fn of(
        session: &SessionRow,
        request: &SnapshotRequest,
        now: i64,
        settings: &Settings,
    ) -> Self {
        let new = Self::new(session, request.id, &request.name, request.kind, now, settings);
        // Asked for offline it is of that time. A device's clock may be wrong: never before the session
        // was there nor after now.
        let least = session.created_at.min(now);
        Self { created_at: request.at_ms.clamp(least, now), ..new }
    }

    /// Its days begin anew: whoever brings a session along wants what is in it.
    pub(crate) fn past(
        session: &SessionRow,
        past: &PastSnapshot,
        now: i64,
        settings: &Settings,
    ) -> Self {
        let new = Self::new(session, past.id, &past.name, past.kind, now, settings);
        let PastSnapshot { pinned, created_at, seq, size, .. } = *past;
        Self { pinned, created_at: created_at.clamp(0, now), seq, size, ..new }
    }

    /// Whether the session has a snapshot of its newest row already.
    pub(crate) async fn exists_at(
        connection: &mut AnyConnection,
        session: &SessionRow,
    ) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM snapshots WHERE session = $1 AND seq = $2 LIMIT 1")
            .bind(session.id.to_string())
            .bind(session.seq)
            .fetch_optional(connection)
            .await
            .map_err(failure)?;
        Ok(row.is_some())
    }

    /// Writes it, unless one with its id is there; whether it is new.
    pub(crate) async fn insert(
        &self,
        store: &Store,
        connection: &mut AnyConnection,
        key: &Key,
    ) -> Result<bool> {
        let (owner, id) = (self.session.to_string(), self.id.to_string());
        let place = Place { table: TABLE, owner: &owner, id: &id };
        let name = key.seal(&*store.environment, place, self.name.as_bytes())?;
        let done = sqlx::query(
            "INSERT INTO snapshots (session, id, seq, kind, pinned, author, size, key, format, \
             name, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (session, id) DO NOTHING",
        )
        .bind(owner)
        .bind(id)
        .bind(self.seq)
        .bind(to_word(self.kind)?)
        .bind(i64::from(self.pinned))
        .bind(self.author.to_string())
        .bind(self.size)
        .bind(key.id.clone())
        .bind(FORMAT)
        .bind(name)
        .bind(self.created_at)
        .bind(self.expires_at)
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(done.rows_affected() == 1)
    }
}

/// A snapshot as it is stored.
pub(super) struct Snapshot {
    session: SessionId,
    pub(super) id: SnapshotId,
    pub(super) seq: i64,
    kind: SnapshotKind,
    pub(super) pinned: bool,
    author: AccountId,
    size: i64,
    key: String,
    format: i64,
    name: Vec<u8>,
    created_at: i64,
    pub(super) expires_at: i64,
}

impl Snapshot {
    fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            session: id(row, "session")?,
            id: id(row, "id")?,
            seq: column(row, "seq")?,
            kind: word(row, "kind")?,
            pinned: column::<i64>(row, "pinned")? != 0,
            author: id(row, "author")?,
            size: column(row, "size")?,
            key: column(row, "key")?,
            format: column(row, "format")?,
            name: column(row, "name")?,
            created_at: column(row, "created_at")?,
            expires_at: column(row, "expires_at")?,
        })
    }

    /// Those that are not over, newest first.
    pub(super) async fn of_session(
        connection: &mut AnyConnection,
        session: SessionId,
        now: i64,
    ) -> Result<Vec<Self>> {
        let sql = format!(
            "{SELECT} WHERE session = $1 AND (pinned = 1 OR expires_at > $2) \
             ORDER BY created_at DESC, seq DESC, id DESC"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(session.to_string())
            .bind(now)
            .fetch_all(connection)
            .await
            .map_err(failure)?;
        rows.iter().map(Self::read).collect()
    }

    /// One that is not over; `NotFound` otherwise.
    pub(super) async fn find(
        store: &Store,
        connection: &mut AnyConnection,
        session: SessionId,
        id: SnapshotId,
    ) -> Result<Self> {
        let sql =
            format!("{SELECT} WHERE session = $1 AND id = $2 AND (pinned = 1 OR expires_at > $3)");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(session.to_string())
            .bind(id.to_string())
            .bind(store.environment.now_ms())
            .fetch_optional(connection)
            .await
            .map_err(failure)?;
        row.as_ref().map_or(Err(Error::NotFound), Self::read)
    }

    pub(super) fn past(self, name: String) -> PastSnapshot {
        let Self { id, kind, pinned, created_at, seq, size, .. } = self;
        PastSnapshot { id, name, kind, pinned, created_at, seq, size }
    }

    pub(super) async fn name(
        &self,
        store: &Store,
        connection: &mut AnyConnection,
    ) -> Result<String> {
        let (owner, id) = (self.session.to_string(), self.id.to_string());
        let place = Place { table: TABLE, owner: &owner, id: &id };
        let key = match store.keyring.get(connection, &self.key).await {
            Ok(key) => Some(key),
            Err(Error::Damaged) => None,
            Err(error) => return Err(error),
        };
        let name = key.and_then(|key| key.open(self.format, place, &self.name).ok());
        Ok(name.and_then(|name| String::from_utf8(name).ok()).unwrap_or_else(|| {
            store.set_aside(self.session, TABLE, &id);
            UNREADABLE.into()
        }))
    }

    pub(super) async fn summary(
        &self,
        store: &Store,
        connection: &mut AnyConnection,
        reader: AccountId,
    ) -> Result<SnapshotSummary> {
        Ok(SnapshotSummary {
            id: self.id,
            name: self.name(store, connection).await?,
            kind: self.kind,
            pinned: self.pinned,
            created_at_ms: self.created_at,
            expires_at_ms: self.expires_at,
            mine: self.author == reader,
            size_bytes: self.size,
        })
    }
}

impl Backend {
    /// One snapshot of the visitor's session.
    pub async fn snapshot(
        &self,
        visitor: &Visitor,
        session: SessionId,
        id: SnapshotId,
    ) -> Result<SnapshotSummary> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        let snapshot = Snapshot::find(&self.store, &mut connection, session, id).await?;
        snapshot.summary(&self.store, &mut connection, row.account).await
    }
}
