//! From one text to another by small edits, so that what others type at the same time stays.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{TextEdit, utf16};

/// More words than this are not compared one by one: the time grows with the square.
const MOST_WORDS: usize = 4_000;
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

/// Edits word by word, from the last to the first: each can be applied where it says, the ones before
/// it in the text not having moved.
pub(super) fn word_edits(old: &str, new: &str) -> Vec<TextEdit> {
    let Some(whole) = smallest_edit(old, new) else { return Vec::new() };
    let start = common_start(old, new);
    let end = common_end(rest(old, start), rest(new, start));
    let old_middle = first(rest(old, start), old.len() - start - end);
    let (old_words, new_words) = (words(old_middle), words(&whole.insert));
    if old_words.len() + new_words.len() > MOST_WORDS {
        return vec![whole];
    }
    let mut at = whole.at;
    let mut edits = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old_words, &new_words) {
        let gone = old_words.get(op.old_range()).unwrap_or_default().concat();
        let delete = utf16::len(&gone);
        if !matches!(op, DiffOp::Equal { .. }) {
            let insert = new_words.get(op.new_range()).unwrap_or_default().concat();
            edits.push(TextEdit { at, delete, insert });
        }
        at += delete;
    }
    edits.reverse();
    edits
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
