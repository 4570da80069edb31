//! Offsets in UTF-16 code units, as the DOM and Yjs count them.

use super::TextEdit;
use crate::{Error, Result};

/// The length in UTF-16 code units.
pub(super) fn len(text: &str) -> u32 {
    // One for each character's first byte, and one more where it starts four bytes: twice as fast as
    // decoding, for texts that are read at each keystroke.
    let units =
        text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0));
    u32::try_from(units.sum::<usize>()).unwrap_or(u32::MAX)
}

/// The byte at which the unit `offset` starts; `None` beyond the end or inside a surrogate pair.
fn byte_at(text: &str, offset: u32) -> Option<usize> {
    let mut units = 0;
    for (at, char) in text.char_indices() {
        if units >= offset {
            return (units == offset).then_some(at);
        }
        units += if char.len_utf16() == 2 { 2 } else { 1 };
    }
    (units == offset).then_some(text.len())
}

/// What `text` reads after the edit.
///
/// # Errors
/// `InvalidValue` for offsets beyond the text or inside a surrogate pair.
pub(super) fn apply(text: &str, edit: &TextEdit) -> Result<String> {
    let invalid =
        |reason: &str| Error::InvalidValue { field: "edit".into(), reason: reason.into() };
    let end = edit.at.checked_add(edit.delete);
    let end = end.and_then(|end| byte_at(text, end));
    let (Some(start), Some(end)) = (byte_at(text, edit.at), end) else {
        return Err(invalid("The edit is beyond the text or inside a character."));
    };
    let (before, after) = (text.get(..start), text.get(end..));
    Ok([before.unwrap_or_default(), &edit.insert, after.unwrap_or_default()].concat())
}
