//! Reads one struct of an update and checks it against the document's schema.
//!
//! Encoding: `Update::decode` and `ItemContent::decode` in yrs 0.28, `readClientsStructRefs` in Yjs.

use super::cursor::{CLOCK_END, Cursor};
use super::value::skip_value;
use crate::context::Path;
use crate::limits::{KEY_BYTES, NESTING_LEVELS};
use crate::{Error, Result};

/// The root map's name.
pub(crate) const MAP: &str = "context";
/// What a text's root name starts with; its path follows.
pub(crate) const TEXT_PREFIX: &str = "text:";

pub(super) const GC: u8 = 0;
pub(super) const DELETED: u8 = 1;
pub(super) const STRING: u8 = 4;
pub(super) const ANY: u8 = 8;
const SKIP: u8 = 10;
const HAS_PARENT_SUB: u8 = 0x20;
pub(super) const HAS_RIGHT_ORIGIN: u8 = 0x40;
pub(super) const HAS_ORIGIN: u8 = 0x80;

/// The longest key that a valid path can make: every character escaped.
const PATH_BYTES: usize = NESTING_LEVELS * (2 * KEY_BYTES + 1);

/// One place in the history: client id and clock.
pub(crate) type Id = (u64, u32);

/// What a struct holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'a> {
    /// Nothing: a gap that this update leaves open.
    Skip,
    /// What was once there and is collected.
    Gone,
    /// Characters.
    Text(&'a str),
    /// Values.
    Values,
}

/// One struct, read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Struct<'a> {
    pub(crate) clock: u32,
    /// Clocks it takes: UTF-16 units, values or deleted things.
    pub(crate) len: u32,
    pub(crate) origin: Option<Id>,
    pub(crate) right_origin: Option<Id>,
    pub(crate) content: Content<'a>,
    /// Where its bytes start, where its content's bytes start and where both end.
    pub(crate) start: usize,
    pub(crate) content_start: usize,
    pub(crate) end: usize,
}

impl Struct<'_> {
    pub(crate) fn clock_end(&self) -> u32 {
        self.clock + self.len
    }
}

/// Reads the struct of `client` that starts at `clock`.
pub(crate) fn read_struct<'a>(
    cursor: &mut Cursor<'a>,
    client: u64,
    clock: u32,
) -> Result<Struct<'a>> {
    let start = cursor.position();
    let info = cursor.byte()?;
    let (mut origin, mut right_origin, mut content_start) = (None, None, cursor.position());
    let (content, len) = match info {
        SKIP => (Content::Skip, cursor.clock()?),
        GC => (Content::Gone, cursor.clock()?),
        _ => {
            if info & HAS_ORIGIN != 0 {
                origin = Some(read_origin(cursor, client, clock)?);
            }
            if info & HAS_RIGHT_ORIGIN != 0 {
                right_origin = Some(read_origin(cursor, client, clock)?);
            }
            let parent = match (origin, right_origin) {
                (None, None) => Some(read_parent(cursor, info & HAS_PARENT_SUB != 0)?),
                _ => None,
            };
            content_start = cursor.position();
            read_content(cursor, info & 0x1f, parent)?
        }
    };
    if len == 0 {
        return Err(Error::malformed("empty struct"));
    }
    if len > CLOCK_END - clock {
        return Err(Error::malformed("clock of 2^31 or more"));
    }
    let end = cursor.position();
    Ok(Struct { clock, len, origin, right_origin, content, start, content_start, end })
}

fn read_origin(cursor: &mut Cursor<'_>, client: u64, clock: u32) -> Result<Id> {
    let origin = (cursor.client()?, cursor.clock()?);
    if origin.0 == client && origin.1 >= clock {
        return Err(Error::malformed("struct before its origin"));
    }
    Ok(origin)
}

#[derive(Clone, Copy)]
enum Parent {
    Map,
    Text,
}

fn read_parent(cursor: &mut Cursor<'_>, keyed: bool) -> Result<Parent> {
    match cursor.var_u32()? {
        1 => {}
        0 => return Err(Error::schema("nested shared types are not part of a context")),
        _ => return Err(Error::malformed("parent")),
    }
    let name = cursor.string()?;
    let key = if keyed { Some(cursor.string()?) } else { None };
    match (name, name.strip_prefix(TEXT_PREFIX), key) {
        (MAP, _, Some(key)) if key.len() <= PATH_BYTES => Ok(Parent::Map),
        (MAP, _, Some(key)) => Err(Error::limit("path bytes", PATH_BYTES, key.len())),
        (MAP, _, None) => Err(Error::schema("the root map has keys, not a sequence")),
        (_, Some(path), None) if path.parse::<Path>().is_ok() => Ok(Parent::Text),
        (_, Some(_), None) => Err(Error::schema("a text is named by its path")),
        (_, Some(_), Some(_)) => Err(Error::schema("a text has no keys")),
        (_, None, _) => Err(Error::schema("unknown root type")),
    }
}

fn read_content<'a>(
    cursor: &mut Cursor<'a>,
    kind: u8,
    parent: Option<Parent>,
) -> Result<(Content<'a>, u32)> {
    match (kind, parent) {
        (DELETED, _) => Ok((Content::Gone, cursor.clock()?)),
        (STRING, None | Some(Parent::Text)) => {
            let text = cursor.string()?;
            let len = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
            Ok((Content::Text(text), len))
        }
        (ANY, None | Some(Parent::Map)) => {
            let count = cursor.count()?;
            for _ in 0..count {
                skip_value(cursor)?;
            }
            Ok((Content::Values, u32::try_from(count).unwrap_or(u32::MAX)))
        }
        (STRING, _) => Err(Error::schema("the root map holds values, not characters")),
        (ANY, _) => Err(Error::schema("a text holds characters only")),
        (2, _) => Err(Error::schema("JSON content is not part of a context")),
        (3, _) => Err(Error::schema("binary content is not part of a context")),
        (5, _) => Err(Error::schema("embedded content is not part of a context")),
        (6, _) => Err(Error::schema("formatted text is not part of a context")),
        (7, _) => Err(Error::schema("nested shared types are not part of a context")),
        (9, _) => Err(Error::schema("subdocuments are not part of a context")),
        _ => Err(Error::malformed("unknown content")),
    }
}
