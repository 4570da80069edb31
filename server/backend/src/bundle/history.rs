//! `history.bin`: the rows of a log, one after the other. Numbers are little-endian. A row is
//!
//! * when it was written: `i64`, milliseconds since the Unix epoch;
//! * who wrote it: `u32`, 0 for whoever exported it, others in the order in which they first appear;
//! * `u8`: 1 where a restore or the undo of one made it, otherwise 0;
//! * how many updates there are: `u32`;
//! * each of them: its length in bytes as `u32`, then itself (Yjs encoding version 1).

use std::io::Read;

use holdfast_domain::bundle::Flaw;
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::{Error, Result};

use super::unzip::unreadable;

/// Updates in one row: twice what one save may hold.
const UPDATES: u32 = 100_000;
/// Bytes of all updates in one row: a save or a restore, and what waited for it.
const ROW_BYTES: usize = 2 * CONTEXT_BYTES;
/// No update is shorter.
const LEAST_BYTES: usize = 2;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) at: i64,
    pub(super) author: u32,
    pub(super) restored: bool,
    pub(super) updates: Vec<Vec<u8>>,
}

impl Row {
    /// Bytes of its updates.
    pub(super) fn bytes(&self) -> usize {
        self.updates.iter().map(Vec::len).sum()
    }

    /// The row as it stands in the file.
    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        let number = |length: usize| u32::try_from(length).map_err(|_| Error::Internal);
        let mut bytes = Vec::with_capacity(self.bytes() + 17 + 4 * self.updates.len());
        bytes.extend_from_slice(&self.at.to_le_bytes());
        bytes.extend_from_slice(&self.author.to_le_bytes());
        bytes.push(u8::from(self.restored));
        bytes.extend_from_slice(&number(self.updates.len())?.to_le_bytes());
        for update in &self.updates {
            bytes.extend_from_slice(&number(update.len())?.to_le_bytes());
            bytes.extend_from_slice(update);
        }
        Ok(bytes)
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// `BadImport`, `LimitExceeded`, `Unavailable`.
    pub(super) fn read(reader: &mut impl Read) -> Result<Option<Self>> {
        let mut first = [0];
        if reader.read(&mut first).map_err(|cause| unreadable(&cause))? == 0 {
            return Ok(None);
        }
        let mut rest = [0; 7];
        fill(reader, &mut rest)?;
        let [a] = first;
        let [b, c, d, e, f, g, h] = rest;
        let at = i64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let author = number(reader)?;
        let mut restored = [0];
        fill(reader, &mut restored)?;
        let restored = match restored {
            [0] => false,
            [1] => true,
            _ => return Err(flaw()),
        };
        let count = number(reader)?;
        if count == 0 || count > UPDATES {
            return Err(flaw());
        }
        let (mut updates, mut left) = (Vec::new(), ROW_BYTES);
        for _ in 0..count {
            let update = read_update(reader, left)?;
            left -= update.len();
            updates.push(update);
        }
        Ok(Some(Self { at, author, restored, updates }))
    }
}

/// No more room is taken than bytes have come: the length may be a lie.
fn read_update(reader: &mut impl Read, left: usize) -> Result<Vec<u8>> {
    let length = number(reader)?;
    let bytes = usize::try_from(length).unwrap_or(usize::MAX);
    if bytes > left {
        return Err(Error::limit("bytes of a row", ROW_BYTES, ROW_BYTES - left + bytes));
    }
    let mut update = Vec::new();
    let limited = reader.by_ref().take(length.into()).read_to_end(&mut update);
    limited.map_err(|cause| unreadable(&cause))?;
    if update.len() < bytes || bytes < LEAST_BYTES { Err(flaw()) } else { Ok(update) }
}

fn number(reader: &mut impl Read) -> Result<u32> {
    let mut bytes = [0; 4];
    fill(reader, &mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn fill(reader: &mut impl Read, bytes: &mut [u8]) -> Result<()> {
    reader.read_exact(bytes).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::UnexpectedEof => flaw(),
        _ => unreadable(&cause),
    })
}

fn flaw() -> Error {
    Error::BadImport { reason: Flaw::History }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(updates: &[&[u8]]) -> Row {
        let updates = updates.iter().map(|update| update.to_vec()).collect();
        Row { at: -5, author: 3, restored: true, updates }
    }

    #[test]
    fn sess_3_rows_come_out_as_they_went_in() {
        let rows = [row(&[b"ab"]), row(&[b"abc", b"defg"])];
        let bytes: Vec<u8> = rows.iter().flat_map(|row| row.encode().unwrap()).collect();
        let mut reader = &*bytes;
        for row in rows {
            assert_eq!(Row::read(&mut reader), Ok(Some(row)));
        }
        assert_eq!(Row::read(&mut reader), Ok(None));
    }

    #[test]
    fn sess_3_a_row_that_is_cut_or_lies_is_refused() {
        let bytes = row(&[b"abc", b"defg"]).encode().unwrap();
        for end in 1..bytes.len() {
            assert_eq!(Row::read(&mut &bytes[..end]), Err(flaw()), "{end}");
        }
        let changed = |at: usize, byte: u8| {
            let mut bytes = bytes.clone();
            bytes[at] = byte;
            Row::read(&mut &*bytes).unwrap_err().code()
        };
        assert_eq!(changed(12, 2), "bad_import");
        assert_eq!(changed(13, 0), "bad_import");
        assert_eq!(changed(16, 255), "bad_import");
        assert_eq!(changed(20, 255), "limit_exceeded");
        assert_eq!(changed(17, 1), "bad_import");
    }
}
