//! Many rows by one statement.

use holdfast_domain::Result;
use holdfast_domain::id::{AccountId, SessionId};
use sqlx::{AnyConnection, AssertSqlSafe};

use super::read::{UPDATES, checksum};
use super::work::Work;
use crate::cipher::{FORMAT, Key, Place};
use crate::column::to_word;
use crate::database::{failure, placeholders};
use crate::sessions::SessionRow;
use crate::store::Store;

/// Rows in one statement. Numbers of rows are cut into powers of two up to this, so that few
/// statements are prepared for every number.
const CHUNK: usize = 64;

/// A row of `context_updates`, sealed.
pub(super) struct NewRow {
    session: SessionId,
    seq: i64,
    id: String,
    at: i64,
    author: String,
    restored: bool,
    pub(super) size: i64,
    key: String,
    payload: Vec<u8>,
}

impl NewRow {
    /// The row that stands where the session's log ends.
    pub(super) fn seal(
        store: &Store,
        key: &Key,
        session: &SessionRow,
        at: i64,
        restored: bool,
        frame: &[u8],
    ) -> Result<Self> {
        let (id, owner) = (store.environment.uuid().to_string(), session.id.to_string());
        let place = Place { table: UPDATES, owner: &owner, id: &id };
        let payload = key.seal(&*store.environment, place, frame)?;
        Ok(Self {
            session: session.id,
            seq: session.seq,
            id,
            at,
            author: session.account.to_string(),
            restored,
            size: i64::try_from(frame.len()).unwrap_or(i64::MAX),
            key: key.id.clone(),
            payload,
        })
    }
}

impl NewRow {
    /// Another account wrote it.
    pub(super) fn by(self, author: AccountId) -> Self {
        Self { author: author.to_string(), ..self }
    }
}

/// Notes whose client ids are.
pub(super) async fn clients(
    connection: &mut AnyConnection,
    session: &SessionRow,
    clients: &[u64],
) -> Result<()> {
    let mut left = clients;
    while let Some((chunk, rest)) = left.split_at_checked(chunk_of(left.len().max(1))) {
        left = rest;
        let sql = format!(
            "INSERT INTO context_clients (session, client, account) VALUES {} \
             ON CONFLICT (session, client) DO NOTHING",
            tuples(chunk.len(), 3)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for client in chunk {
            query = query
                .bind(session.id.to_string())
                .bind(client.cast_signed())
                .bind(session.account.to_string());
        }
        query.execute(&mut *connection).await.map_err(failure)?;
    }
    Ok(())
}

/// Inserts rows of the log.
pub(super) async fn rows(
    connection: &mut AnyConnection,
    rows: impl Iterator<Item = NewRow>,
) -> Result<()> {
    let mut rows: Vec<NewRow> = rows.collect();
    while !rows.is_empty() {
        let chunk: Vec<NewRow> = rows.drain(..chunk_of(rows.len())).collect();
        let sql = format!(
            "INSERT INTO context_updates \
             (session, seq, id, at, author, restored, size, key, format, payload, checksum) VALUES {}",
            tuples(chunk.len(), 11)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for row in chunk {
            let checksum = checksum(&row.payload);
            query = query
                .bind(row.session.to_string())
                .bind(row.seq)
                .bind(row.id)
                .bind(row.at)
                .bind(row.author)
                .bind(i64::from(row.restored))
                .bind(row.size)
                .bind(row.key)
                .bind(FORMAT)
                .bind(row.payload)
                .bind(checksum);
        }
        query.execute(&mut *connection).await.map_err(failure)?;
    }
    Ok(())
}

/// Writes what changed in the rows of `sessions`.
pub(super) async fn sessions(
    connection: &mut AnyConnection,
    works: impl Iterator<Item = &Work>,
) -> Result<()> {
    let mut works: Vec<&Work> = works.collect();
    while !works.is_empty() {
        let chunk: Vec<&Work> = works.drain(..chunk_of(works.len())).collect();
        let sql = format!(
            "WITH v (id, seq, log_bytes, shared_seq, automatic_at, updated_at, active_at, \
             state, state_at) AS (VALUES {}) \
             UPDATE sessions SET seq = v.seq, log_bytes = v.log_bytes, \
             shared_seq = v.shared_seq, automatic_at = v.automatic_at, \
             updated_at = v.updated_at, active_at = v.active_at, \
             state = v.state, state_at = v.state_at \
             FROM v WHERE sessions.id = v.id",
            tuples(chunk.len(), 9)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for work in chunk {
            let row = &work.row;
            query = query
                .bind(row.id.to_string())
                .bind(row.seq)
                .bind(row.log_bytes)
                .bind(row.shared_seq)
                .bind(row.automatic_at)
                .bind(row.updated_at)
                .bind(row.active_at)
                .bind(to_word(row.state)?)
                .bind(row.state_at);
        }
        query.execute(&mut *connection).await.map_err(failure)?;
    }
    Ok(())
}

/// The largest power of two that is at most `length`, at most [`CHUNK`].
fn chunk_of(length: usize) -> usize {
    1 << length.min(CHUNK).ilog2()
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn tuples(rows: usize, columns: usize) -> String {
    let tuple = |row| format!("({})", placeholders(row * columns + 1, columns));
    (0..rows).map(tuple).collect::<Vec<_>>().join(", ")
}
