//! Edits of a text field: the smallest one between two values, what one does to a caret, and how one
//! is carried over to a text that changed meanwhile. Offsets are UTF-16 code units, as in the DOM.

use holdfast_domain::context::TextEdit;
use holdfast_domain::context::utf16::len;

/// The smallest edit that makes `new` of `old`; `None` where they are equal. Never splits a
/// character. Where the place is ambiguous (`aa` typed into `aaa`), the edit ends at `caret`, a
/// position in `new`.
pub(crate) fn smallest_edit(old: &str, new: &str, caret: Option<u32>) -> Option<TextEdit> {
    if old == new {
        return None;
    }
    let longest = old.len().min(new.len());
    let after_caret = caret.map_or(0, |caret| new.len() - byte_at(new, caret));
    // What stands behind the caret stays; only then what stands before it, then the rest.
    let kept = common_suffix(old, new, after_caret.min(longest));
    let prefix = common_prefix(old, new, longest - kept);
    let suffix = common_suffix(old, new, longest - prefix);
    let deleted = old.get(prefix..old.len() - suffix).unwrap_or_default();
    let inserted = new.get(prefix..new.len() - suffix).unwrap_or_default();
    Some(TextEdit {
        at: len(old.get(..prefix).unwrap_or_default()),
        delete: len(deleted),
        insert: inserted.into(),
    })
}

/// Where a caret at `position` is after `edit`. An insertion right at the caret goes behind it.
pub(crate) fn moved(position: u32, edit: &TextEdit) -> u32 {
    let end = edit.at.saturating_add(edit.delete);
    if position <= edit.at {
        position
    } else if position >= end {
        (position - edit.delete).saturating_add(len(&edit.insert))
    } else {
        edit.at
    }
}

/// `edit` was made on `base`, the text reads `now`: the edits that do the same there, in order. What
/// was inserted meanwhile is never deleted.
pub(crate) fn rebase(edit: &TextEdit, base: &str, now: &str) -> Vec<TextEdit> {
    let Some(other) = smallest_edit(base, now, None) else {
        return vec![edit.clone()];
    };
    let edit_end = edit.at.saturating_add(edit.delete);
    let other_end = other.at.saturating_add(other.delete);
    let inserted = len(&other.insert);
    let shifted = |position: u32| (position - other.delete).saturating_add(inserted);

    let mut edits = Vec::new();
    // Behind the other's change first, so that what is before it keeps its offsets.
    let behind = edit.at.max(other_end);
    if edit_end > behind {
        edits.push(TextEdit {
            at: shifted(behind),
            delete: edit_end - behind,
            insert: String::new(),
        });
    }
    let before = edit_end.min(other.at).saturating_sub(edit.at);
    let at = if edit.at < other.at {
        edit.at
    } else if edit.at >= other_end {
        shifted(edit.at)
    } else {
        other.at.saturating_add(inserted)
    };
    if before > 0 || !edit.insert.is_empty() {
        edits.push(TextEdit { at, delete: before, insert: edit.insert.clone() });
    }
    edits
}

/// The byte of the character that contains or follows a UTF-16 position.
fn byte_at(text: &str, position: u32) -> usize {
    let mut seen = 0;
    for (byte, character) in text.char_indices() {
        if seen >= position {
            return byte;
        }
        seen += if character.len_utf16() == 2 { 2 } else { 1 };
    }
    text.len()
}

fn common_prefix(old: &str, new: &str, at_most: usize) -> usize {
    let same = old.bytes().zip(new.bytes()).take(at_most).take_while(|(a, b)| a == b).count();
    (0..=same).rev().find(|at| old.is_char_boundary(*at) && new.is_char_boundary(*at)).unwrap_or(0)
}

fn common_suffix(old: &str, new: &str, at_most: usize) -> usize {
    let bytes = old.bytes().rev().zip(new.bytes().rev());
    let same = bytes.take(at_most).take_while(|(a, b)| a == b).count();
    let boundary = |text: &str, back: usize| text.is_char_boundary(text.len() - back);
    (0..=same).rev().find(|back| boundary(old, *back) && boundary(new, *back)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(at: u32, delete: u32, insert: &str) -> TextEdit {
        TextEdit { at, delete, insert: insert.into() }
    }

    /// `text` after `edit`; `None` where the edit does not fit it.
    fn applied(text: &str, edit: &TextEdit) -> Option<String> {
        let from = exact_byte_at(text, edit.at)?;
        let to = exact_byte_at(text, edit.at.checked_add(edit.delete)?)?;
        let mut result = String::with_capacity(text.len() + edit.insert.len());
        result.push_str(text.get(..from)?);
        result.push_str(&edit.insert);
        result.push_str(text.get(to..)?);
        Some(result)
    }

    fn exact_byte_at(text: &str, position: u32) -> Option<usize> {
        let byte = byte_at(text, position);
        (len(text.get(..byte)?) == position).then_some(byte)
    }

    #[test]
    fn ctx_9_the_smallest_edit_is_found_in_utf16_units() {
        assert_eq!(smallest_edit("abc", "abc", None), None);
        assert_eq!(smallest_edit("", "abc", None), Some(edit(0, 0, "abc")));
        assert_eq!(smallest_edit("abc", "aXc", None), Some(edit(1, 1, "X")));
        assert_eq!(smallest_edit("a😀b", "a😀Xb", None), Some(edit(3, 0, "X")));
        assert_eq!(smallest_edit("a😀b", "ab", None), Some(edit(1, 2, "")));
    }

    #[test]
    fn ctx_9_an_edit_never_splits_a_character() {
        // U+1F600 and U+1F601 share three bytes and the first surrogate.
        assert_eq!(smallest_edit("x😀y", "x😁y", None), Some(edit(1, 2, "😁")));
        // These two end with the same byte.
        assert_eq!(smallest_edit("\u{e9}", "\u{129}", None), Some(edit(0, 1, "\u{129}")));
    }

    #[test]
    fn ctx_9_the_caret_decides_where_an_ambiguous_edit_is() {
        assert_eq!(smallest_edit("aaa", "aaaa", Some(1)), Some(edit(0, 0, "a")));
        assert_eq!(smallest_edit("aaa", "aaaa", Some(4)), Some(edit(3, 0, "a")));
        assert_eq!(smallest_edit("aaa", "aa", Some(0)), Some(edit(0, 1, "")));
        // A caret that the edit does not end at costs nothing.
        assert_eq!(smallest_edit("abcd", "abXcd", Some(0)), Some(edit(2, 0, "X")));
    }

    #[test]
    fn ctx_9_every_edit_makes_new_of_old() {
        let texts = ["", "a", "aa", "aba", "a😀a", "😀😁", "é", "hello world", "hello  world"];
        for old in texts {
            for new in texts {
                for caret in (0..=len(new)).map(Some).chain([None]) {
                    match smallest_edit(old, new, caret) {
                        None => assert_eq!(old, new),
                        Some(edit) => {
                            assert_eq!(applied(old, &edit).as_deref(), Some(new), "{old} {edit:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn ctx_9_a_caret_stays_where_it_was_when_others_edit() {
        assert_eq!(moved(3, &edit(5, 2, "xyz")), 3);
        assert_eq!(moved(3, &edit(3, 0, "xyz")), 3);
        assert_eq!(moved(3, &edit(0, 0, "😀")), 5);
        assert_eq!(moved(9, &edit(2, 4, "x")), 6);
        assert_eq!(moved(4, &edit(2, 4, "x")), 2);
    }

    #[test]
    fn ctx_8_what_was_typed_is_carried_over_to_a_text_that_changed() {
        let carry = |base: &str, typed: &str, now: &str| {
            let edit = smallest_edit(base, typed, None).unwrap();
            rebase(&edit, base, now)
                .iter()
                .fold(now.to_owned(), |text, edit| applied(&text, edit).unwrap())
        };
        assert_eq!(carry("", "typed", ""), "typed");
        assert_eq!(carry("", "typed", "from the journal "), "from the journal typed");
        assert_eq!(carry("one two", "one two three", "zero one two"), "zero one two three");
        assert_eq!(carry("one two", "ONE two", "one two three"), "ONE two three");
        assert_eq!(carry("abc", "", "abXc"), "X");
        assert_eq!(carry("abc", "aYc", "aZc"), "aZYc");
        assert_eq!(carry("abcdef", "abef", "abef"), "abef");
    }
}
