//! From one text to another by small edits, so that what others type at the same time stays.

use similar::DiffOp;
use similar::algorithms::{Capture, Compact, Replace, myers};

use super::{TextEdit, utf16};

/// More lines or words than this are not compared one by one: the time grows with the square.
const MOST_PARTS: usize = 10_000;
/// Makes one of the characters on its two sides, as in pictures of families.
const JOINER: char = '\u{200d}';

/// The smallest single edit; `None` where both are the same.
pub(super) fn smallest_edit(old: &str, new: &str) -> Option<TextEdit> {
    let start = common_start(old, new);
    let (old_rest, new_rest) = (rest(old, start), rest(new, start));
    let end = common_end(old_rest, new_rest);
    let deleted = first(old_rest, old_rest.len() - end);
    let inserted = first(new_rest, new_rest.len() - end);
    if deleted.is_empty() && inserted.is_empty() {
        return None;
    }
    Some(TextEdit {
        at: utf16::len(first(old, start)),
        delete: utf16::len(deleted),
        insert: inserted.into(),
    })
}

/// Edits line by line and in them word by word, from the last to the first: each can be applied where
/// it says, what stands before it not having moved.
pub(super) fn word_edits(old: &str, new: &str) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    compare(old, new, 0, &[lines, words], &mut edits);
    edits.reverse();
    edits
}

/// Cuts a text into the parts that are compared.
type Cut = fn(&str) -> Vec<&str>;

/// Notes the edits from `old` to `new`, which stands at `offset`, from the first to the last.
fn compare(old: &str, new: &str, offset: u32, cuts: &[Cut], edits: &mut Vec<TextEdit>) {
    let Some(whole) = smallest_edit(old, new) else { return };
    let whole = TextEdit { at: offset + whole.at, ..whole };
    let [cut, finer @ ..] = cuts else { return edits.push(whole) };
    let start = common_start(old, new);
    let end = common_end(rest(old, start), rest(new, start));
    let old_parts = cut(first(rest(old, start), old.len() - start - end));
    let new_parts = cut(&whole.insert);
    if old_parts.len() + new_parts.len() > MOST_PARTS {
        return edits.push(whole);
    }
    let mut at = whole.at;
    for op in differences(&old_parts, &new_parts) {
        let old = old_parts.get(op.old_range()).unwrap_or_default().concat();
        let new = new_parts.get(op.new_range()).unwrap_or_default().concat();
        compare(&old, &new, at, finer, edits);
        at += utf16::len(&old);
    }
}

/// As `similar::capture_diff_slices` with Myers' algorithm, which would bring all others along to the page.
fn differences(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut found = Compact::new(Replace::new(Capture::new()), old, new);
    match myers::diff(&mut found, old, 0..old.len(), new, 0..new.len()) {
        Ok(()) => found.into_inner().into_inner().into_ops(),
        Err(never) => match never {},
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Runs of letters and digits, runs of white space, and everything else by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut left = text;
    while let Some(char) = left.chars().next() {
        let same: fn(char) -> bool = match char {
            _ if char.is_alphanumeric() => |next| next.is_alphanumeric() || joins_before(next),
            _ if char.is_whitespace() => |next| next.is_whitespace(),
            _ => joins_before,
        };
        let after = rest(left, char.len_utf8());
        let more = after.find(|next| !same(next)).unwrap_or(after.len());
        let word = char.len_utf8() + more;
        words.push(first(left, word));
        left = rest(left, word);
    }
    words
}

/// Bytes at the start that are the same, ending between what a person sees as characters.
fn common_start(old: &str, new: &str) -> usize {
    let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new);
    let mut start = same.map(|(char, _)| char.len_utf8()).sum();
    let joined = |text: &str, at| rest(text, at).chars().next().is_some_and(joins_before);
    let joins = |start| first(old, start).ends_with(JOINER);
    while joined(old, start) || joined(new, start) || joins(start) {
        match first(old, start).chars().next_back() {
            Some(char) => start -= char.len_utf8(),
            None => break,
        }
    }
    start
}

/// Bytes at the end that are the same, likewise.
fn common_end(old: &str, new: &str) -> usize {
    let same = old.chars().rev().zip(new.chars().rev()).take_while(|(old, new)| old == new);
    let mut end: usize = same.map(|(char, _)| char.len_utf8()).sum();
    while let Some(char) = rest(old, old.len() - end).chars().next() {
        if !joins_before(char) {
            break;
        }
        end -= char.len_utf8();
    }
    end
}

/// Whether a character belongs to the one before it: combining marks, variation selectors, skin
/// tones, joiners. Not all of Unicode's grapheme rules; enough for what keyboards make.
fn joins_before(char: char) -> bool {
    matches!(char,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

fn first(text: &str, bytes: usize) -> &str {
    text.get(..bytes).unwrap_or(text)
}

fn rest(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn apply(old: &str, edits: &[TextEdit]) -> String {
        edits.iter().fold(old.into(), |text: String, edit| utf16::apply(&text, edit).unwrap())
    }

    #[test]
    fn snap_3_distant_changes_of_a_long_text_are_edits_of_their_own() {
        let page = "One line of many words.\n".repeat(2_000);
        let old = format!("A cat sat.\n{page}The dog ran off.\n");
        let new = format!("A big cat sat.\n{page}The fox ran off.\n");
        let edits = word_edits(&old, &new);
        assert!(apply(&old, &edits) == new);
        let changed: Vec<_> =
            edits.iter().map(|edit| (edit.delete, edit.insert.as_str())).collect();
        assert_eq!(changed, [(3, "fox"), (0, "big ")]);
    }

    #[test]
    fn ctx_9_an_edit_does_not_cut_what_a_person_sees_as_one_character() {
        let family = smallest_edit("a👩‍👧b", "a👩‍👦b").unwrap();
        assert_eq!((family.at, family.delete, family.insert.as_str()), (1, 5, "👩‍👦"));
        let accent = smallest_edit("caf\u{65}", "caf\u{65}\u{301}").unwrap();
        assert_eq!((accent.at, accent.insert.as_str()), (3, "e\u{301}"));
    }

    proptest! {
        #[test]
        fn snap_3_edits_lead_from_one_text_to_the_other(
            old in "[ab😀\u{301}\u{200d} \n.]{0,30}",
            new in "[ab😀\u{301}\u{200d} \n.]{0,30}",
        ) {
            prop_assert_eq!(apply(&old, &word_edits(&old, &new)), new.clone());
            let single: Vec<_> = smallest_edit(&old, &new).into_iter().collect();
            prop_assert_eq!(apply(&old, &single), new);
        }
    }
}
