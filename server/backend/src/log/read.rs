//! Reading rows of the log. A row that fails its checksum, its decryption or the scan is set aside
//! (SYNC-7): it is reported, and what is read is as if it were not there.

use std::collections::HashMap;
use std::sync::Arc;

use holdfast_domain::id::SessionId;
use holdfast_domain::scan::{Scan, scan_taken};
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use super::frame;
use crate::blocking::blocking;
use crate::cipher::{Key, Place};
use crate::column::column;
use crate::database::failure;
use crate::store::Store;

/// The table, as places of sealed values and reports name it.
pub(crate) const UPDATES: &str = "context_updates";

/// The log is read in pieces of about this many bytes.
pub(crate) const WINDOW_BYTES: i64 = 8 << 20;
/// Rows looked at to find out how many to read.
const REACH_ROWS: i64 = 10_000;

/// The updates of one row.
pub(crate) struct Part {
    pub(crate) seq: i64,
    /// A restore or the undo of one made it.
    pub(crate) restored: bool,
    pub(crate) updates: Vec<Vec<u8>>,
}

/// A row as stored, with its key.
struct Stored {
    seq: i64,
    id: String,
    restored: i64,
    key: Option<Arc<Key>>,
    format: i64,
    payload: Vec<u8>,
    checksum: i64,
}

impl Stored {
    fn open(&self, session: &str) -> Option<Vec<Vec<u8>>> {
        if checksum(&self.payload) != self.checksum {
            return None;
        }
        let place = Place { table: UPDATES, owner: session, id: &self.id };
        let plain = self.key.as_ref()?.open(self.format, place, &self.payload).ok()?;
        frame::unpack(&plain)
    }
}

/// CRC-32 of a stored payload.
pub(super) fn checksum(payload: &[u8]) -> i64 {
    i64::from(crc32fast::hash(payload))
}

impl Store {
    /// The rows `after < seq <= upto`, in order, without the damaged ones.
    pub(crate) async fn read_log(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        after: i64,
        upto: i64,
    ) -> Result<Vec<Part>> {
        let stored = self.stored_rows(connection, session, after, upto).await?;
        let bytes = stored.iter().map(|row| row.payload.len()).sum();
        let owner = session.to_string();
        let opened = blocking(bytes, move || {
            let open = |row: Stored| {
                let updates = row.open(&owner);
                (row.seq, row.id, row.restored != 0, updates)
            };
            stored.into_iter().map(open).collect::<Vec<_>>()
        });
        let mut parts = Vec::new();
        for (seq, id, restored, updates) in opened.await? {
            match updates {
                Some(updates) => parts.push(Part { seq, restored, updates }),
                None => self.set_aside(session, UPDATES, &id),
            }
        }
        Ok(parts)
    }

    /// The last of the rows `after < seq <= upto` that together have at most so many bytes; the first one
    /// however large it is.
    pub(crate) async fn reach(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        after: i64,
        upto: i64,
        bytes: i64,
    ) -> Result<i64> {
        let rows = sqlx::query(
            "SELECT seq, size FROM context_updates \
             WHERE session = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4",
        )
        .bind(session.to_string())
        .bind(after)
        .bind(upto)
        .bind(REACH_ROWS)
        .fetch_all(connection)
        .await
        .map_err(failure)?;
        let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) < REACH_ROWS;
        let (mut reached, mut left) = (after, bytes);
        for row in &rows {
            left = left.saturating_sub(column(row, "size")?);
            if left < 0 && reached > after {
                return Ok(reached);
            }
            reached = column(row, "seq")?;
        }
        // Rows that are missing at the end are passed over as those in between are.
        Ok(if full { upto } else { reached })
    }

    async fn stored_rows(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        after: i64,
        upto: i64,
    ) -> Result<Vec<Stored>> {
        let rows = sqlx::query(
            "SELECT seq, id, restored, key, format, payload, checksum FROM context_updates \
             WHERE session = $1 AND seq > $2 AND seq <= $3 ORDER BY seq",
        )
        .bind(session.to_string())
        .bind(after)
        .bind(upto)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure)?;
        let mut keys: HashMap<String, Option<Arc<Key>>> = HashMap::new();
        let mut stored = Vec::with_capacity(rows.len());
        for row in &rows {
            let key_id: String = column(row, "key")?;
            if !keys.contains_key(&key_id) {
                let key = self.key_if_sound(connection, &key_id).await?;
                keys.insert(key_id.clone(), key);
            }
            stored.push(Stored {
                seq: column(row, "seq")?,
                id: column(row, "id")?,
                restored: column(row, "restored")?,
                key: keys.get(&key_id).cloned().flatten(),
                format: column(row, "format")?,
                payload: column(row, "payload")?,
                checksum: column(row, "checksum")?,
            });
        }
        Ok(stored)
    }

    /// A key, or none where it is damaged.
    pub(super) async fn key_if_sound(
        &self,
        connection: &mut AnyConnection,
        id: &str,
    ) -> Result<Option<Arc<Key>>> {
        match self.keyring.get(connection, id).await {
            Ok(key) => Ok(Some(key)),
            Err(Error::Damaged) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// As [`Store::read_log`], but only what the updates contain.
    pub(super) async fn scan_log(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        after: i64,
        upto: i64,
    ) -> Result<Vec<Scan>> {
        let (mut scans, mut after) = (Vec::new(), after);
        while after < upto {
            let reached = self.reach(connection, session, after, upto, WINDOW_BYTES).await?;
            scans.extend(self.scan_window(connection, session, after, reached).await?);
            after = reached;
        }
        Ok(scans)
    }

    async fn scan_window(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        after: i64,
        upto: i64,
    ) -> Result<Vec<Scan>> {
        let parts = self.read_log(connection, session, after, upto).await?;
        let bytes = parts.iter().flat_map(|part| &part.updates).map(Vec::len).sum();
        let scanned = blocking(bytes, move || {
            let scan_part = |part: Part| {
                let scans: Result<Vec<Scan>> =
                    part.updates.iter().map(|update| scan_taken(update)).collect();
                (part.seq, scans)
            };
            parts.into_iter().map(scan_part).collect::<Vec<_>>()
        });
        let mut scans = Vec::new();
        for (seq, scanned) in scanned.await? {
            match scanned {
                Ok(scanned) => scans.extend(scanned),
                Err(_) => self.set_aside(session, UPDATES, &format!("{session} {seq}")),
            }
        }
        Ok(scans)
    }
}
