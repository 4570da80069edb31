//! Walks over an encoded value (lib0 `Any`) without recursion.

use super::cursor::Cursor;
use crate::limits::NESTING_LEVELS;
use crate::{Error, Result};

/// An object or array that is being read.
struct Open {
    /// How many values are still to come.
    left: usize,
    /// Whether a key stands before each.
    keyed: bool,
}

/// Skips one value: objects and arrays up to [`NESTING_LEVELS`] inside each other.
pub(super) fn skip_value(cursor: &mut Cursor<'_>) -> Result<()> {
    let mut open: Vec<Open> = Vec::new();
    loop {
        if let Some(opened) = skip_head(cursor)? {
            open.push(opened);
            if open.len() > NESTING_LEVELS {
                return Err(Error::limit("nesting levels", NESTING_LEVELS, open.len()));
            }
        }
        while open.last().is_some_and(|last| last.left == 0) {
            open.pop();
        }
        let Some(last) = open.last_mut() else { return Ok(()) };
        last.left -= 1;
        if last.keyed {
            cursor.string()?;
        }
    }
}

/// Skips a scalar, or the head of an object or array.
fn skip_head(cursor: &mut Cursor<'_>) -> Result<Option<Open>> {
    match cursor.byte()? {
        // undefined, null, false, true
        127 | 126 | 121 | 120 => {}
        125 => cursor.skip_var_i64()?,
        124 => drop(cursor.take(4)?),
        123 | 122 => drop(cursor.take(8)?),
        119 => drop(cursor.string()?),
        118 => return Ok(Some(Open { left: cursor.count()?, keyed: true })),
        117 => return Ok(Some(Open { left: cursor.count()?, keyed: false })),
        116 => drop(cursor.block()?),
        _ => return Err(Error::malformed("unknown type of value")),
    }
    Ok(None)
}
