//! Cuts an update into smaller ones that make the same, each whole in itself.
//!
//! An update made by one large edit (a pasted book, the undo of a deletion) must reach the server in
//! pieces of at most [`crate::limits::UPDATE_BYTES`].

use super::cursor::{Cursor, write_var};
use super::structs::{Content, HAS_ORIGIN, HAS_RIGHT_ORIGIN, STRING, Struct, read_struct};
use crate::{Error, Result};

/// What a piece needs besides its structs or ranges: counts, client id, clock, origin.
const HEAD_BYTES: usize = 64;

/// The pieces in the order in which they can be applied. `update` must have been scanned; a client's
/// structs may build on those of clients that stand later in it only where they are in one piece.
pub(crate) fn split(update: &[u8], max_bytes: usize) -> Result<Vec<Vec<u8>>> {
    if update.len() <= max_bytes {
        return Ok(vec![update.to_vec()]);
    }
    let room = max_bytes.saturating_sub(HEAD_BYTES);
    let mut cursor = Cursor::new(update);
    let mut pieces = Vec::new();
    for _ in 0..cursor.count()? {
        let count = cursor.count()?;
        let client = cursor.client()?;
        let clock = cursor.clock()?;
        let mut piece = Piece::new(client, clock);
        for _ in 0..count {
            let next = read_struct(&mut cursor, client, piece.clock_end)?;
            for part in parts(&cursor, client, &next, room)? {
                if piece.structs > 0 && piece.bytes.len() + part.bytes.len() > room {
                    let after = Piece::new(client, piece.clock_end);
                    pieces.push(std::mem::replace(&mut piece, after).finish());
                }
                piece.push(&part);
            }
        }
        pieces.push(piece.finish());
    }
    split_deletes(&mut cursor, room, &mut pieces)?;
    Ok(pieces)
}

struct Piece {
    client: u64,
    clock: u32,
    clock_end: u32,
    structs: u64,
    bytes: Vec<u8>,
}

impl Piece {
    fn new(client: u64, clock: u32) -> Self {
        Self { client, clock, clock_end: clock, structs: 0, bytes: Vec::new() }
    }

    fn push(&mut self, part: &Part) {
        self.structs += 1;
        self.bytes.extend_from_slice(&part.bytes);
        self.clock_end += part.len;
    }

    fn finish(self) -> Vec<u8> {
        let mut update = Vec::with_capacity(self.bytes.len() + HEAD_BYTES);
        for number in [1, self.structs, self.client, u64::from(self.clock)] {
            write_var(&mut update, number);
        }
        update.extend_from_slice(&self.bytes);
        write_var(&mut update, 0);
        update
    }
}

/// A struct, or a part of one that was too long.
struct Part {
    len: u32,
    bytes: Vec<u8>,
}

/// A text struct longer than `room` in parts, each building on the one before; others as they are.
fn parts(cursor: &Cursor<'_>, client: u64, whole: &Struct<'_>, room: usize) -> Result<Vec<Part>> {
    let bytes = cursor.between(whole.start, whole.end);
    if bytes.len() <= room {
        return Ok(vec![Part { len: whole.len, bytes: bytes.to_vec() }]);
    }
    let Content::Text(text) = whole.content else {
        return Err(Error::limit("value bytes", room, bytes.len()));
    };
    let head = cursor.between(whole.start, whole.content_start);
    let chunk_bytes = room.saturating_sub(head.len() + HEAD_BYTES).max(4);
    let mut clock = whole.clock;
    let mut parts = Vec::new();
    for chunk in chunks(text, chunk_bytes) {
        let mut bytes = match parts.is_empty() {
            true => head.to_vec(),
            false => continuation(client, clock, whole, STRING),
        };
        write_var(&mut bytes, chunk.len() as u64);
        bytes.extend_from_slice(chunk.as_bytes());
        let len = u32::try_from(chunk.encode_utf16().count()).unwrap_or(u32::MAX);
        clock += len;
        parts.push(Part { len, bytes });
    }
    Ok(parts)
}

/// The head of a struct that goes on with content of this kind where the clock before `clock` ended.
pub(super) fn continuation(client: u64, clock: u32, whole: &Struct<'_>, kind: u8) -> Vec<u8> {
    let mut bytes = vec![HAS_ORIGIN | kind];
    write_var(&mut bytes, client);
    write_var(&mut bytes, u64::from(clock - 1));
    if let Some((client, clock)) = whole.right_origin {
        if let Some(info) = bytes.first_mut() {
            *info |= HAS_RIGHT_ORIGIN;
        }
        write_var(&mut bytes, client);
        write_var(&mut bytes, u64::from(clock));
    }
    bytes
}

/// Cuts a text between characters into chunks of at most `max_bytes` (at least 4).
fn chunks(text: &str, max_bytes: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (chunk, after) = rest.split_at(rest.floor_char_boundary(max_bytes));
        rest = after;
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn split_deletes(cursor: &mut Cursor<'_>, room: usize, pieces: &mut Vec<Vec<u8>>) -> Result<()> {
    const RANGE_BYTES: usize = 10;
    for _ in 0..cursor.count()? {
        let client = cursor.client()?;
        let mut left = cursor.count()?;
        while left > 0 {
            let count = left.min((room / RANGE_BYTES).max(1));
            left -= count;
            let mut update = Vec::new();
            for number in [0, 1, client, count as u64] {
                write_var(&mut update, number);
            }
            let start = cursor.position();
            for _ in 0..count {
                cursor.clock()?;
                cursor.clock()?;
            }
            update.extend_from_slice(cursor.between(start, cursor.position()));
            pieces.push(update);
        }
    }
    Ok(())
}
