//! How two moments of a context differ, in a form to be read.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use holdfast_domain::context::{Entries, Entry, Path};
use holdfast_domain::snapshot::{Difference, DifferenceKind, TextSpan};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// After this long a comparison of two texts becomes coarser rather than longer...
const PATIENCE: Duration = Duration::from_millis(200);
/// ...and after this long those that are left are shown as a whole.
const PATIENCE_FOR_ALL: Duration = Duration::from_secs(2);
/// Characters of an unchanged stretch that are shown beside a change.
const SURROUNDINGS: usize = 40;
const CUT: &str = "…";

/// What would change if `then` came instead of `now`, by path.
pub(super) fn differences(now: &Entries, then: &Entries) -> Vec<Difference> {
    let paths: BTreeSet<&Path> = now.keys().chain(then.keys()).collect();
    let differing = paths.into_iter().filter(|path| now.get(*path) != then.get(*path));
    let until = deadline();
    differing.map(|path| difference(path, now.get(path), then.get(path), until)).collect()
}

/// When comparing texts ends that begins now, for all differences of one answer.
pub(super) fn deadline() -> Instant {
    Instant::now() + PATIENCE_FOR_ALL
}

/// How one path differs.
pub(super) fn difference(
    path: &Path,
    now: Option<&Entry>,
    then: Option<&Entry>,
    until: Instant,
) -> Difference {
    let kind = match (now, then) {
        (None, _) => DifferenceKind::Added,
        (_, None) => DifferenceKind::Removed,
        _ => DifferenceKind::Changed,
    };
    let path = path.to_string();
    match (text(now), text(then)) {
        (Some(before), Some(after)) if before.len() + after.len() > 0 => {
            Difference { path, kind, now: None, then: None, spans: spans(before, after, until) }
        }
        _ => Difference { path, kind, now: value(now), then: value(then), spans: Vec::new() },
    }
}

/// A text, or the empty one for nothing; `None` for another value.
fn text(entry: Option<&Entry>) -> Option<&str> {
    match entry {
        None => Some(""),
        Some(Entry::Text(text)) => Some(text),
        Some(Entry::Value(_)) => None,
    }
}

fn value(entry: Option<&Entry>) -> Option<Value> {
    entry.map(|entry| match entry {
        Entry::Text(text) => Value::String(text.clone()),
        Entry::Value(value) => value.clone(),
    })
}

/// The words of both, in order.
fn spans(now: &str, then: &str, until: Instant) -> Vec<TextSpan> {
    let begun = Instant::now();
    if begun >= until {
        let whole = [(DifferenceKind::Removed, now), (DifferenceKind::Added, then)];
        let whole = whole.into_iter().filter(|(_, text)| !text.is_empty());
        return whole
            .map(|(kind, text)| TextSpan { kind: Some(kind), text: text.into() })
            .collect();
    }
    let until = until.min(begun + PATIENCE);
    let diff = TextDiff::configure().deadline(until).diff_unicode_words(now, then);
    let mut spans: Vec<TextSpan> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => None,
            ChangeTag::Delete => Some(DifferenceKind::Removed),
            ChangeTag::Insert => Some(DifferenceKind::Added),
        };
        match spans.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => spans.push(TextSpan { kind, text: change.value().into() }),
        }
    }
    let last = spans.len().saturating_sub(1);
    for (index, span) in spans.iter_mut().enumerate().filter(|(_, span)| span.kind.is_none()) {
        span.text = shorten(&span.text, index > 0, index < last);
    }
    spans
}

/// Keeps of an unchanged stretch what stands beside the changes around it.
fn shorten(text: &str, after_change: bool, before_change: bool) -> String {
    let kept = SURROUNDINGS * (usize::from(after_change) + usize::from(before_change));
    if text.chars().count() <= kept.max(SURROUNDINGS) + 1 {
        return text.into();
    }
    let head = text.char_indices().nth(SURROUNDINGS).map_or(text.len(), |(at, _)| at);
    let tail = text.char_indices().nth_back(SURROUNDINGS - 1).map_or(0, |(at, _)| at);
    let head = if after_change { text.get(..head) } else { None };
    let tail = if before_change { text.get(tail..) } else { None };
    [head.unwrap_or_default(), CUT, tail.unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_entries(text: &str) -> Entries {
        Entries::from([("/notes".parse().unwrap(), Entry::Text(text.into()))])
    }

    #[test]
    fn snap_3_text_differences_are_words_with_their_surroundings() {
        let long = "word ".repeat(100);
        let now = text_entries(&format!("{long}old {long}"));
        let then = text_entries(&format!("{long}new {long}"));
        let found = differences(&now, &then);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, DifferenceKind::Changed);
        let kinds: Vec<_> = found[0].spans.iter().map(|span| span.kind).collect();
        let (added, removed) = (Some(DifferenceKind::Added), Some(DifferenceKind::Removed));
        assert_eq!(kinds, [None, removed, added, None]);
        assert!(found[0].spans[0].text.starts_with('…'));
        assert!(found[0].spans[3].text.ends_with('…'));
        assert!(found[0].spans.iter().all(|span| span.text.chars().count() <= 42));
        assert_eq!((&*found[0].spans[1].text, &*found[0].spans[2].text), ("old", "new"));
    }

    #[test]
    fn snap_3_values_stand_beside_each_other() {
        let entry = |value: Value| Entry::Value(value);
        let path = |path: &str| path.parse::<Path>().unwrap();
        let now = Entries::from([
            (path("/a"), entry(1.into())),
            (path("/b"), entry(2.into())),
            (path("/same"), entry(true.into())),
        ]);
        let then = Entries::from([
            (path("/b"), entry(3.into())),
            (path("/c"), Entry::Text("Zürich".into())),
            (path("/same"), entry(true.into())),
        ]);
        let found = differences(&now, &then);
        let kinds: Vec<_> = found.iter().map(|found| (found.path.as_str(), found.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("/a", DifferenceKind::Removed),
                ("/b", DifferenceKind::Changed),
                ("/c", DifferenceKind::Added)
            ]
        );
        assert_eq!((found[1].now.clone(), found[1].then.clone()), (Some(2.into()), Some(3.into())));
        assert_eq!(found[2].spans[0].text, "Zürich");
    }

    #[test]
    fn snap_3_texts_after_the_deadline_are_shown_as_a_whole() {
        let over = Instant::now();
        let found = spans("same old", "same new", over);
        let found: Vec<_> = found.iter().map(|span| (span.kind, span.text.as_str())).collect();
        let (added, removed) = (Some(DifferenceKind::Added), Some(DifferenceKind::Removed));
        assert_eq!(found, [(removed, "same old"), (added, "same new")]);
        assert_eq!(spans("", "new", over).len(), 1);
    }

    #[test]
    fn snap_3_shortening_keeps_whole_characters() {
        let text = "é".repeat(500);
        assert_eq!(shorten(&text, true, true).chars().count(), 81);
        assert_eq!(shorten(&text, false, true).chars().count(), 41);
        assert_eq!(shorten(&text, true, false).chars().count(), 41);
        assert_eq!(shorten("short", true, true), "short");
    }
}
