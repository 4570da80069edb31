//! The differences of one structured field, which is an object `{"label", "kind", "order", "choices",
//! "value"}`: a person sees one thing with a name and a value.

use std::collections::BTreeMap;

use holdfast_domain::snapshot::{Difference, DifferenceKind};
use serde_json::{Map, Value};

use super::Row;
use super::piece::{Line, Mark, Piece, exchange, is_blank, pieces, shown, text_of};
use crate::notes::Kind;

/// What differs in one field.
#[derive(Default)]
pub(super) struct FieldChange<'a> {
    /// `label`, `kind`, `order`, `choices`, and what other programs may have added.
    parts: BTreeMap<String, &'a Difference>,
    /// The value, or what stands in it, by its keys.
    values: Vec<(Vec<String>, &'a Difference)>,
}

impl<'a> FieldChange<'a> {
    /// Adds a difference at `part`, or `below` it.
    pub(super) fn add(&mut self, part: &str, below: &[&str], difference: &'a Difference) {
        let below: Vec<String> = below.iter().map(|key| (*key).into()).collect();
        if part == "value" {
            self.values.push((below, difference));
        } else {
            let name: Vec<&str> =
                std::iter::once(part).chain(below.iter().map(String::as_str)).collect();
            self.parts.insert(name.join(" › "), difference);
        }
    }

    /// As one row, with the place of the field among the others; `field` is the field as it is now.
    pub(super) fn read(&self, key: &str, field: Option<&Value>) -> Option<(f64, Row)> {
        let kind = self.kind(field);
        let lines = match kind {
            DifferenceKind::Changed => self.changes(field),
            _ => self.whole(field, kind),
        };
        // An object without anything in it is no field.
        let is_field = kind == DifferenceKind::Changed || self.parts.contains_key("label");
        if lines.is_empty() && !is_field || kind == DifferenceKind::Changed && lines.is_empty() {
            return None;
        }
        let lines = if lines.is_empty() {
            vec![line(vec![Piece::new(Mark::Stays, "It has no value.")])]
        } else {
            lines
        };
        let label = self.text("label", Mark::Goes, field);
        let label = label.or_else(|| self.text("label", Mark::ComesBack, field));
        Some((self.order(field), Row { title: label.unwrap_or_else(|| key.into()), kind, lines }))
    }

    /// Of the field as a whole: whether it is there now, and then.
    fn kind(&self, field: Option<&Value>) -> DifferenceKind {
        let all =
            || self.parts.values().copied().chain(self.values.iter().map(|(_, value)| *value));
        let now = field.is_some() || all().any(|found| found.kind != DifferenceKind::Added);
        let same = |part: &String| match part.as_str() {
            "value" => self.values.is_empty(),
            part => !self.parts.contains_key(part),
        };
        let stays = field.and_then(Value::as_object).is_some_and(|now| now.keys().any(same));
        let then = stays || all().any(|found| found.kind != DifferenceKind::Removed);
        match (now, then) {
            (false, _) => DifferenceKind::Added,
            (true, false) => DifferenceKind::Removed,
            (true, true) => DifferenceKind::Changed,
        }
    }

    /// What comes back or goes with the field: its value.
    fn whole(&self, field: Option<&Value>, kind: DifferenceKind) -> Vec<Line> {
        let comes = kind == DifferenceKind::Added;
        let inside = || self.values.iter().filter(|(below, _)| !below.is_empty());
        if inside().next().is_none() {
            return self.values(field);
        }
        let mut whole = Value::Object(Map::new());
        for (below, difference) in inside() {
            let side = if comes { Mark::ComesBack } else { Mark::Goes };
            let value = if comes { &difference.then } else { &difference.now };
            let text = || text_of(difference, side).map(Value::String);
            put(&mut whole, below, value.clone().or_else(text).unwrap_or(Value::Null));
        }
        let value = Some(shown(&whole, true));
        vec![line(if comes { exchange(None, value) } else { exchange(value, None) })]
    }

    /// What changes in a field that is there both times.
    fn changes(&self, field: Option<&Value>) -> Vec<Line> {
        let mut lines = self.values(field);
        for (part, difference) in &self.parts {
            let (about, pieces) = match part.as_str() {
                "order" => continue,
                "label" => ("Name".into(), pieces(difference, false)),
                "kind" => {
                    let name =
                        |side| text_of(difference, side).map(|word| (kind_name(&word), false));
                    ("Kind".into(), exchange(name(Mark::Goes), name(Mark::ComesBack)))
                }
                "choices" => {
                    let list = |value: &Option<Value>| value.as_ref().map(listed);
                    ("Choices".into(), exchange(list(&difference.now), list(&difference.then)))
                }
                _ if is_blank(difference) => continue,
                part => (part.to_owned(), pieces(difference, false)),
            };
            lines.push(Line { about: Some(about), pieces });
        }
        if lines.is_empty() && self.parts.contains_key("order") {
            let words = "It moves to another place among the fields.";
            lines.push(line(vec![Piece::new(Mark::Stays, words)]));
        }
        lines
    }

    /// The value, or what changes in it.
    fn values(&self, field: Option<&Value>) -> Vec<Line> {
        let kind = self.text("kind", Mark::ComesBack, field);
        let json = kind.as_deref().and_then(Kind::of_word) == Some(Kind::Json);
        let seen = self.values.iter().filter(|(_, difference)| !is_blank(difference));
        seen.map(|(below, difference)| Line {
            about: (!below.is_empty()).then(|| below.join(" › ")),
            pieces: pieces(difference, json),
        })
        .collect()
    }

    /// The text of a part on one side: by its difference, or as it is.
    fn text(&self, part: &str, side: Mark, field: Option<&Value>) -> Option<String> {
        match self.parts.get(part) {
            Some(difference) => text_of(difference, side),
            None => field?.get(part)?.as_str().map(Into::into),
        }
        .filter(|text| !text.trim().is_empty())
    }

    fn order(&self, field: Option<&Value>) -> f64 {
        let now = || field?.get("order")?.as_f64();
        let then = || self.parts.get("order")?.then.as_ref()?.as_f64();
        now().or_else(then).unwrap_or(f64::INFINITY)
    }
}

fn line(pieces: Vec<Piece>) -> Line {
    Line { about: None, pieces }
}

/// As the person reads it; a kind of another program is its word.
fn kind_name(word: &str) -> String {
    Kind::of_word(word).map_or_else(|| word.into(), |kind| kind.name().into())
}

/// Texts with commas between them; anything else as JSON.
fn listed(value: &Value) -> (String, bool) {
    let texts = value
        .as_array()
        .and_then(|items| items.iter().map(Value::as_str).collect::<Option<Vec<&str>>>());
    texts.map_or_else(|| shown(value, true), |texts| (texts.join(", "), false))
}

/// Puts a value into an object at its keys.
fn put(whole: &mut Value, keys: &[String], value: Value) {
    let Some((key, below)) = keys.split_first() else {
        *whole = value;
        return;
    };
    if !whole.is_object() {
        *whole = Value::Object(Map::new());
    }
    if let Some(fields) = whole.as_object_mut() {
        put(fields.entry(key.clone()).or_insert(Value::Null), below, value);
    }
}
