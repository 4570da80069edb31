//! Rows of `restores`: what each restore replaced, for its undo.

use holdfast_domain::context::{Entry, Path, Replaced};
use holdfast_domain::id::{RestoreId, SessionId};
use holdfast_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::AnyConnection;

use super::row::DAY_MS;
use crate::cipher::{FORMAT, Key, Place};
use crate::column::column;
use crate::database::failure;
use crate::log::RestoreRecord;
use crate::sessions::SessionRow;
use crate::store::Store;

const TABLE: &str = "restores";

/// [`Replaced`] as it is stored (JSON, format 1).
#[derive(Serialize, Deserialize)]
struct StoredReplaced {
    path: Path,
    before: Option<StoredEntry>,
    after: Option<StoredEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredEntry {
    Value(Value),
    Text(String),
}

impl From<Entry> for StoredEntry {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Value(value) => Self::Value(value),
            Entry::Text(text) => Self::Text(text),
        }
    }
}

impl From<StoredEntry> for Entry {
    fn from(entry: StoredEntry) -> Self {
        match entry {
            StoredEntry::Value(value) => Self::Value(value),
            StoredEntry::Text(text) => Self::Text(text),
        }
    }
}

/// The bytes to be encrypted.
pub(super) fn encode(replaced: Vec<Replaced>) -> Result<Vec<u8>> {
    let stored = replaced.into_iter().map(|Replaced { path, before, after }| StoredReplaced {
        path,
        before: before.map(Into::into),
        after: after.map(Into::into),
    });
    serde_json::to_vec(&stored.collect::<Vec<_>>()).map_err(|_| Error::Internal)
}

fn decode(bytes: &[u8]) -> Result<Vec<Replaced>> {
    let stored: Vec<StoredReplaced> = serde_json::from_slice(bytes).map_err(|_| Error::Damaged)?;
    let replaced = stored.into_iter().map(|StoredReplaced { path, before, after }| Replaced {
        path,
        before: before.map(Into::into),
        after: after.map(Into::into),
    });
    Ok(replaced.collect())
}

/// Writes the record of a restore.
pub(crate) async fn insert_restore(
    store: &Store,
    connection: &mut AnyConnection,
    key: &Key,
    session: &SessionRow,
    restore: &RestoreRecord,
    now: i64,
) -> Result<()> {
    let (owner, id) = (session.id.to_string(), restore.id.to_string());
    let place = Place { table: TABLE, owner: &owner, id: &id };
    let replaced = key.seal(&*store.environment, place, &restore.replaced)?;
    let days = i64::from(store.settings.snapshot_days);
    sqlx::query(
        "INSERT INTO restores (session, id, snapshot, before_snapshot, author, key, format, \
         replaced, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(owner)
    .bind(id)
    .bind(restore.snapshot.to_string())
    .bind(restore.before.map(|before| before.to_string()))
    .bind(session.account.to_string())
    .bind(key.id.clone())
    .bind(FORMAT)
    .bind(replaced)
    .bind(now)
    .bind(now.saturating_add(DAY_MS.saturating_mul(days)))
    .execute(connection)
    .await
    .map_err(failure)?;
    Ok(())
}

/// What a restore replaced; `NotFound`, or `Conflict` where it was undone already.
pub(super) async fn read_replaced(
    store: &Store,
    connection: &mut AnyConnection,
    session: SessionId,
    restore: RestoreId,
) -> Result<Vec<Replaced>> {
    let (owner, id) = (session.to_string(), restore.to_string());
    let row = sqlx::query(
        "SELECT key, format, replaced, undone_at FROM restores \
         WHERE session = $1 AND id = $2 AND expires_at > $3",
    )
    .bind(owner.clone())
    .bind(id.clone())
    .bind(store.environment.now_ms())
    .fetch_optional(&mut *connection)
    .await
    .map_err(failure)?
    .ok_or(Error::NotFound)?;
    if column::<Option<i64>>(&row, "undone_at")?.is_some() {
        return Err(already_undone());
    }
    let key_id: String = column(&row, "key")?;
    let key = store.keyring.get(connection, &key_id).await?;
    let sealed: Vec<u8> = column(&row, "replaced")?;
    let place = Place { table: TABLE, owner: &owner, id: &id };
    let plain = key.open(column(&row, "format")?, place, &sealed);
    plain.and_then(|plain| decode(&plain)).inspect_err(|_| store.set_aside(session, TABLE, &id))
}

/// Notes that a restore was undone.
pub(crate) async fn mark_undone(
    connection: &mut AnyConnection,
    session: SessionId,
    restore: RestoreId,
    now: i64,
) -> Result<()> {
    sqlx::query("UPDATE restores SET undone_at = $1 WHERE session = $2 AND id = $3")
        .bind(now)
        .bind(session.to_string())
        .bind(restore.to_string())
        .execute(connection)
        .await
        .map_err(failure)?;
    Ok(())
}

/// The answer to undoing twice.
pub(crate) fn already_undone() -> Error {
    Error::Conflict { reason: "This restore was undone already.".into() }
}
