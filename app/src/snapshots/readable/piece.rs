//! The pieces of a line: what stays, what comes back, what goes.

use holdfast_domain::snapshot::{Difference, DifferenceKind};
use serde_json::Value;

/// What restoring does to a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::snapshots) enum Mark {
    /// It is there both times.
    Stays,
    /// Something left out here, which is there both times.
    Gap,
    /// It was there then.
    ComesBack,
    /// It is there now.
    Goes,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::snapshots) struct Piece {
    pub(in crate::snapshots) mark: Mark,
    pub(in crate::snapshots) text: String,
    /// It is JSON.
    pub(in crate::snapshots) code: bool,
}

impl Piece {
    pub(super) fn new(mark: Mark, text: impl Into<String>) -> Self {
        Self { mark, text: text.into(), code: false }
    }
}

/// One thing that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::snapshots) struct Line {
    /// Which part of the thing, where it is not the whole.
    pub(in crate::snapshots) about: Option<String>,
    pub(in crate::snapshots) pieces: Vec<Piece>,
}

/// Longer values are cut: a preview is read, not copied from.
const MOST_CHARS: usize = 2_000;
const CUT: char = '…';

/// The pieces of a difference; `json`: also its plain values are JSON.
pub(super) fn pieces(difference: &Difference, json: bool) -> Vec<Piece> {
    if difference.spans.is_empty() {
        let (now, then) = (difference.now.as_ref(), difference.then.as_ref());
        return exchange(now.map(|now| shown(now, json)), then.map(|then| shown(then, json)));
    }
    let mut pieces = Vec::new();
    for span in &difference.spans {
        match span.kind {
            Some(DifferenceKind::Added) => pieces.push(Piece::new(Mark::ComesBack, &span.text)),
            Some(DifferenceKind::Removed) => pieces.push(Piece::new(Mark::Goes, &span.text)),
            _ => with_gaps(&span.text, &mut pieces),
        }
    }
    pieces
}

/// One value in place of another.
pub(super) fn exchange(now: Option<(String, bool)>, then: Option<(String, bool)>) -> Vec<Piece> {
    let piece = |mark| move |(text, code)| Piece { mark, text, code };
    let between = now.is_some() && then.is_some();
    [
        now.map(piece(Mark::Goes)),
        between.then(|| Piece::new(Mark::Stays, " ")),
        then.map(piece(Mark::ComesBack)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A value as people read it, and whether that is JSON.
pub(super) fn shown(value: &Value, json: bool) -> (String, bool) {
    match value {
        Value::Array(_) | Value::Object(_) => (cut(spaced(value)), true),
        _ if json => (cut(value.to_string()), true),
        Value::Null => ("(nothing)".into(), false),
        Value::Bool(true) => ("Yes".into(), false),
        Value::Bool(false) => ("No".into(), false),
        Value::Number(number) => (number.to_string(), false),
        Value::String(text) if text.is_empty() => ("(empty)".into(), false),
        Value::String(text) => (cut(text.clone()), false),
    }
}

/// Nothing, an empty text or an empty object on both sides: nobody sees a difference.
pub(super) fn is_blank(difference: &Difference) -> bool {
    let blank = |value: &Option<Value>| match value {
        Some(Value::String(text)) => text.is_empty(),
        other => is_empty_object(other.as_ref()),
    };
    difference.spans.is_empty() && blank(&difference.now) && blank(&difference.then)
}

/// It only says that there is an object.
pub(super) fn is_marker(difference: &Difference) -> bool {
    let empty = |value: &Option<Value>| is_empty_object(value.as_ref());
    difference.spans.is_empty() && empty(&difference.now) && empty(&difference.then)
}

fn is_empty_object(value: Option<&Value>) -> bool {
    match value {
        None => true,
        Some(Value::Object(fields)) => fields.is_empty(),
        Some(_) => false,
    }
}

/// The text of a difference on one side, where it is a text.
pub(super) fn text_of(difference: &Difference, side: Mark) -> Option<String> {
    let (value, other) = match side {
        Mark::Goes => (&difference.now, DifferenceKind::Added),
        _ => (&difference.then, DifferenceKind::Removed),
    };
    if difference.spans.is_empty() {
        return value.as_ref()?.as_str().map(Into::into);
    }
    let spans = difference.spans.iter().filter(|span| span.kind != Some(other));
    let text: String = spans.map(|span| span.text.as_str()).collect();
    (!text.is_empty()).then_some(text)
}

fn with_gaps(text: &str, pieces: &mut Vec<Piece>) {
    for (index, part) in text.split(CUT).enumerate() {
        if index > 0 {
            pieces.push(Piece::new(Mark::Gap, CUT));
        }
        if !part.is_empty() {
            pieces.push(Piece::new(Mark::Stays, part));
        }
    }
}

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MOST_CHARS) {
        text.truncate(at);
        text.push(CUT);
    }
    text
}

/// JSON in one line, with room between its parts.
fn spaced(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Array(items) => format!("[{}]", joined(items.iter().map(spaced).collect())),
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| {
                format!("{}: {}", Value::from(key.as_str()), spaced(value))
            };
            format!("{{{}}}", joined(fields.iter().map(field).collect()))
        }
        value => value.to_string(),
    }
}
