//! Leaves out of an update what is here already, so that a log has nothing twice.

use super::coverage::Coverage;
use super::cursor::{Cursor, write_var};
use super::split::continuation;
use super::structs::{ANY, Content, DELETED, GC, STRING, Struct, read_struct};
use super::value::skip_value;
use crate::Result;

/// The structs of a client that are new.
struct New {
    client: u64,
    clock: u32,
    structs: u64,
    bytes: Vec<u8>,
}

impl Coverage {
    /// The update without the structs that are here; with all its deletions. `None`: none of them is. A character
    /// that is here in half stays whole. `update` must have been scanned.
    ///
    /// # Errors
    /// `Malformed`, for what was not scanned.
    pub fn beyond(&self, update: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut cursor = Cursor::new(update);
        let mut left_out = false;
        let mut sections = Vec::new();
        for _ in 0..cursor.count()? {
            let count = cursor.count()?;
            let client = cursor.client()?;
            let mut clock = cursor.clock()?;
            let here = self.clock(client);
            left_out |= clock < here;
            let mut new = New { client, clock: here.max(clock), structs: 0, bytes: Vec::new() };
            for _ in 0..count {
                let next = read_struct(&mut cursor, client, clock)?;
                clock = next.clock_end();
                if next.clock_end() <= here {
                    continue;
                }
                let whole = cursor.between(next.start, next.end);
                match next.clock < here {
                    true => match tail(client, here, &next, whole) {
                        Some(tail) => new.bytes.extend(tail),
                        None => {
                            new.clock = next.clock;
                            new.bytes.extend_from_slice(whole);
                        }
                    },
                    false => new.bytes.extend_from_slice(whole),
                }
                new.structs += 1;
            }
            if new.structs > 0 {
                sections.push(new);
            }
        }
        if !left_out {
            return Ok(None);
        }
        let mut beyond = Vec::with_capacity(update.len());
        write_var(&mut beyond, sections.len() as u64);
        for New { client, clock, structs, bytes } in &sections {
            for number in [*structs, *client, u64::from(*clock)] {
                write_var(&mut beyond, number);
            }
            beyond.extend_from_slice(bytes);
        }
        beyond.extend_from_slice(cursor.between(cursor.position(), update.len()));
        Ok(Some(beyond))
    }
}

/// What a struct has from `here` on, as one of its own. `None` where it cannot be cut there.
fn tail(client: u64, here: u32, next: &Struct<'_>, whole: &[u8]) -> Option<Vec<u8>> {
    let left = next.clock_end() - here;
    match next.content {
        Content::Text(text) => {
            let rest = after_units(text, here - next.clock)?;
            let mut bytes = continuation(client, here, next, STRING);
            write_var(&mut bytes, rest.len() as u64);
            bytes.extend_from_slice(rest.as_bytes());
            Some(bytes)
        }
        Content::Gone => {
            let mut bytes = match whole.first() {
                Some(&GC) => vec![GC],
                _ => continuation(client, here, next, DELETED),
            };
            write_var(&mut bytes, u64::from(left));
            Some(bytes)
        }
        Content::Values => {
            let content = whole.get(next.content_start - next.start..)?;
            let mut cursor = Cursor::new(content);
            cursor.count().ok()?;
            for _ in next.clock..here {
                skip_value(&mut cursor).ok()?;
            }
            let mut bytes = continuation(client, here, next, ANY);
            write_var(&mut bytes, u64::from(left));
            bytes.extend_from_slice(cursor.between(cursor.position(), content.len()));
            Some(bytes)
        }
        Content::Skip => None,
    }
}

/// The text after so many UTF-16 units; `None` where that is inside a character.
fn after_units(text: &str, units: u32) -> Option<&str> {
    let mut left = usize::try_from(units).ok()?;
    let mut chars = text.chars();
    while left > 0 {
        left = left.checked_sub(chars.next()?.len_utf16())?;
    }
    Some(chars.as_str())
}
