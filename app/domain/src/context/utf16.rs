//! Offsets in UTF-16 code units, as the DOM and Yjs count them.

use std::ops::Range;

use str_indices::utf16::{count, to_byte_idx};

use super::TextEdit;
use crate::{Error, Result};

/// The length in UTF-16 code units.
pub fn len(text: &str) -> u32 {
    u32::try_from(count(text)).unwrap_or(u32::MAX)
}

/// The byte at which the unit `offset` starts; `None` beyond the end or inside a surrogate pair.
fn byte_at(text: &str, offset: u32) -> Option<usize> {
    let byte = to_byte_idx(text, usize::try_from(offset).ok()?);
    (len(text.get(..byte)?) == offset).then_some(byte)
}

/// The bytes of `text` that the edit replaces.
///
/// # Errors
/// `InvalidValue` for offsets beyond the text or inside a surrogate pair.
pub(super) fn range(text: &str, edit: &TextEdit) -> Result<Range<usize>> {
    let invalid =
        |reason: &str| Error::InvalidValue { field: "edit".into(), reason: reason.into() };
    let start = byte_at(text, edit.at);
    let length = |start| byte_at(text.get(start..).unwrap_or_default(), edit.delete);
    match start.and_then(|start| Some(start..start + length(start)?)) {
        Some(range) => Ok(range),
        None => Err(invalid("The edit is beyond the text or inside a character.")),
    }
}

/// What `text` reads after the edit.
///
/// # Errors
/// As [`range`].
pub(super) fn apply(text: &str, edit: &TextEdit) -> Result<String> {
    let replaced = range(text, edit)?;
    let mut text = text.to_owned();
    text.replace_range(replaced, &edit.insert);
    Ok(text)
}
