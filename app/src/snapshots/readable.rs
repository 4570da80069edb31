//! What a restore would change, in the words of a person: the text by its words, fields by their names.

mod field;
mod piece;

use std::collections::BTreeMap;

use holdfast_domain::context::Path;
use holdfast_domain::snapshot::{Difference, DifferenceKind};
use serde_json::Value;

use self::field::FieldChange;
pub(super) use self::piece::{Line, Mark, Piece};
use self::piece::{is_blank, is_marker, pieces};
use crate::notes::{FIELDS, TEXT};

/// Everything that changes with one thing that a person knows by one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// `Text`, the name of a field, or where it is: `trip › budget`.
    pub(super) title: String,
    /// Of the thing as a whole.
    pub(super) kind: DifferenceKind,
    /// What changes in it.
    pub(super) lines: Vec<Line>,
}

/// The differences of a preview as they are read: the text, then the fields in their order, then the rest.
/// `now` gives what is in the context now. What nobody would see is left out.
pub(super) fn readable(
    differences: &[Difference],
    now: impl Fn(&Path) -> Option<Value>,
) -> Vec<Row> {
    let (mut text, mut others) = (Vec::new(), Vec::new());
    let mut fields: BTreeMap<String, FieldChange> = BTreeMap::new();
    for difference in differences {
        let keys = keys_of(&difference.path);
        match keys.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [TEXT] if !is_blank(difference) => text.push(row("Text".into(), difference)),
            [FIELDS, key, part, below @ ..] => {
                fields.entry((*key).into()).or_default().add(part, below, difference);
            }
            [TEXT] => {}
            _ if is_marker(difference) => {}
            keys => others.push(row(keys.join(" › "), difference)),
        }
    }
    let mut fields: Vec<(f64, Row)> = fields
        .iter()
        .filter_map(|(key, change)| {
            let field = Path::from_keys([FIELDS, key]).ok().and_then(|path| now(&path));
            change.read(key, field.as_ref())
        })
        .collect();
    fields.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    text.into_iter().chain(fields.into_iter().map(|(_, row)| row)).chain(others).collect()
}

/// How many of each kind: `2 will change`, `1 will come back`, `1 will go`.
pub(super) fn summary(rows: &[Row]) -> Vec<String> {
    let count = |kind, words: &str| {
        let number = rows.iter().filter(|row| row.kind == kind).count();
        (number > 0).then(|| format!("{number} will {words}"))
    };
    [
        count(DifferenceKind::Changed, "change"),
        count(DifferenceKind::Added, "come back"),
        count(DifferenceKind::Removed, "go"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn row(title: String, difference: &Difference) -> Row {
    let line = Line { about: None, pieces: pieces(difference, false) };
    Row { title, kind: difference.kind, lines: vec![line] }
}

fn keys_of(path: &str) -> Vec<String> {
    match path.parse::<Path>() {
        Ok(path) => path.keys().collect(),
        Err(_) => vec![path.into()],
    }
}

#[cfg(test)]
mod tests;
