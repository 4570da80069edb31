//! Bases: what the log comes to up to one row, in one piece.

use holdfast_domain::Result;
use holdfast_domain::id::SessionId;
use holdfast_domain::scan::Coverage;
use sqlx::AnyConnection;

use super::frame;
use super::read::checksum;
use crate::blocking::blocking;
use crate::cipher::{FORMAT, Key, Place};
use crate::column::column;
use crate::database::{Write, failure};
use crate::store::Store;

/// The table, and the place of the coverage beside the payload.
const BASES: &str = "context_bases";
const COVERAGE: &str = "context_bases.coverage";

/// Where a base stands and how large it is; all zero where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BaseMark {
    /// The last row in it.
    pub(crate) seq: i64,
    /// Its own bytes.
    pub(crate) size: i64,
    /// Bytes of the log up to it.
    pub(crate) log_bytes: i64,
}

impl BaseMark {
    /// Bytes of the context, at most: the base's, and what the log has after it. Unless the base says so,
    /// what was deleted counts.
    pub(crate) fn size_with(self, log_bytes: i64) -> i64 {
        self.size.saturating_add(log_bytes - self.log_bytes)
    }
}

/// A base and its updates: the document, then what waits for something that has not come.
pub(crate) struct Base {
    pub(crate) mark: BaseMark,
    pub(crate) updates: Vec<Vec<u8>>,
}

/// What is known of a base without reading it.
struct Entry {
    mark: BaseMark,
    id: String,
    key: String,
    format: i64,
}

impl Store {
    /// The newest sound base up to row `upto`.
    pub(crate) async fn read_base(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        upto: i64,
    ) -> Result<Option<Base>> {
        let mut upto = upto;
        while let Some(entry) = self.base_entry(connection, session, upto).await? {
            let key = self.key_if_sound(connection, &entry.key).await?;
            let row = sqlx::query(
                "SELECT payload, checksum FROM context_bases WHERE session = $1 AND seq = $2",
            )
            .bind(session.to_string())
            .bind(entry.mark.seq)
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure)?;
            upto = entry.mark.seq - 1;
            // Deleted in between: there is a newer one, but an older one does as well.
            let Some(row) = row else { continue };
            let payload: Vec<u8> = column(&row, "payload")?;
            let expected: i64 = column(&row, "checksum")?;
            let (owner, id) = (session.to_string(), entry.id.clone());
            let opened = blocking(payload.len(), move || {
                let place = Place { table: BASES, owner: &owner, id: &id };
                let sound = checksum(&payload) == expected;
                let plain = key.filter(|_| sound)?.open(entry.format, place, &payload).ok()?;
                frame::unpack(&plain)
            });
            match opened.await? {
                Some(updates) => return Ok(Some(Base { mark: entry.mark, updates })),
                None => self.set_aside(session, BASES, &entry.id),
            }
        }
        Ok(None)
    }

    /// Where the newest base up to row `upto` stands, and what is in it.
    pub(super) async fn read_coverage(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        upto: i64,
    ) -> Result<(BaseMark, Coverage)> {
        let mut upto = upto;
        while let Some(entry) = self.base_entry(connection, session, upto).await? {
            upto = entry.mark.seq - 1;
            let row =
                sqlx::query("SELECT coverage FROM context_bases WHERE session = $1 AND seq = $2")
                    .bind(session.to_string())
                    .bind(entry.mark.seq)
                    .fetch_optional(&mut *connection)
                    .await
                    .map_err(failure)?;
            let Some(row) = row else { continue };
            let sealed: Vec<u8> = column(&row, "coverage")?;
            let key = self.key_if_sound(connection, &entry.key).await?;
            let owner = session.to_string();
            let place = Place { table: COVERAGE, owner: &owner, id: &entry.id };
            let plain = key.and_then(|key| key.open(entry.format, place, &sealed).ok());
            match plain.and_then(|plain| Coverage::decode(&plain).ok()) {
                Some(coverage) => return Ok((entry.mark, coverage)),
                None => self.set_aside(session, BASES, &entry.id),
            }
        }
        Ok((BaseMark::default(), Coverage::default()))
    }

    /// Where the newest base up to row `upto` stands.
    pub(super) async fn base_mark(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        upto: i64,
    ) -> Result<BaseMark> {
        let entry = self.base_entry(connection, session, upto).await?;
        Ok(entry.map(|entry| entry.mark).unwrap_or_default())
    }

    async fn base_entry(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        upto: i64,
    ) -> Result<Option<Entry>> {
        let row = sqlx::query(
            "SELECT seq, id, size, log_bytes, key, format FROM context_bases \
             WHERE session = $1 AND seq <= $2 ORDER BY seq DESC LIMIT 1",
        )
        .bind(session.to_string())
        .bind(upto)
        .fetch_optional(connection)
        .await
        .map_err(failure)?;
        let Some(row) = row else { return Ok(None) };
        let mark = BaseMark {
            seq: column(&row, "seq")?,
            size: column(&row, "size")?,
            log_bytes: column(&row, "log_bytes")?,
        };
        let (id, key) = (column(&row, "id")?, column(&row, "key")?);
        Ok(Some(Entry { mark, id, key, format: column(&row, "format")? }))
    }
}

/// A base, sealed and ready for its row.
pub(super) struct SealedBase {
    id: String,
    payload: Vec<u8>,
    coverage: Vec<u8>,
}

impl SealedBase {
    pub(super) fn new(
        store: &Store,
        key: &Key,
        session: SessionId,
        updates: &[Vec<u8>],
        coverage: &Coverage,
    ) -> Result<Self> {
        let (id, owner) = (store.environment.uuid().to_string(), session.to_string());
        let seal = |table, plain: &[u8]| {
            key.seal(&*store.environment, Place { table, owner: &owner, id: &id }, plain)
        };
        let payload = seal(BASES, &frame::pack(updates.iter().map(Vec::as_slice)))?;
        let coverage = seal(COVERAGE, &coverage.encode())?;
        Ok(Self { id, payload, coverage })
    }

    /// Writes it, and lets go of those that nobody begins with: all but the one before and the ones
    /// from which snapshots are read. The rows they repeat are all there.
    pub(super) async fn insert(
        self,
        store: &Store,
        key: &Key,
        session: SessionId,
        mark: BaseMark,
    ) -> Result<()> {
        let mut write: Write = store.database.write().await?;
        let (session, checksum) = (session.to_string(), checksum(&self.payload));
        sqlx::query(
            "INSERT INTO context_bases (session, seq, id, at, size, log_bytes, key, format, \
             payload, checksum, coverage) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (session, seq) DO NOTHING",
        )
        .bind(session.clone())
        .bind(mark.seq)
        .bind(self.id)
        .bind(store.environment.now_ms())
        .bind(mark.size)
        .bind(mark.log_bytes)
        .bind(key.id.clone())
        .bind(FORMAT)
        .bind(self.payload)
        .bind(checksum)
        .bind(self.coverage)
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        sqlx::query(
            "DELETE FROM context_bases WHERE session = $1 AND seq < \
             (SELECT MAX(seq) FROM context_bases WHERE session = $1 AND seq < $2) \
             AND seq NOT IN (SELECT MAX(b.seq) FROM snapshots s \
             JOIN context_bases b ON b.session = s.session AND b.seq <= s.seq \
             WHERE s.session = $1 AND (s.pinned = 1 OR s.expires_at > $3) GROUP BY s.id)",
        )
        .bind(session)
        .bind(mark.seq)
        .bind(store.environment.now_ms())
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        write.commit().await
    }
}
