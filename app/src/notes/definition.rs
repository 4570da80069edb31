//! What a structured field is: an object in the context under `/fields/KEY`.
//!
//! `{"label": "Budget, EUR", "kind": "number", "order": 2, "choices": [...], "value": 2400}`. The value
//! stands beside its description, so it merges on its own, and other programs find it at one path.

use holdfast_domain::context::Path;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The key of the object that holds all fields.
pub(crate) const FIELDS: &str = "fields";
/// Long enough for a name that can be read, short enough for a path.
const KEY_CHARS: usize = 48;

/// What kind of value a field has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    #[default]
    Text,
    Number,
    Date,
    Choice,
    Checkbox,
    Json,
}

impl Kind {
    /// In the order in which they are offered.
    pub(super) const ALL: [Self; 6] =
        [Self::Text, Self::Number, Self::Date, Self::Choice, Self::Checkbox, Self::Json];

    /// The word in the context and in the style sheet.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Choice => "choice",
            Self::Checkbox => "checkbox",
            Self::Json => "json",
        }
    }

    /// What the person reads.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Number => "Number",
            Self::Date => "Date",
            Self::Choice => "Choice",
            Self::Checkbox => "Checkbox",
            Self::Json => "JSON",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What shows a value that other programs put there without a description.
    fn of_value(value: Option<&Value>) -> Self {
        match value {
            None | Some(Value::String(_) | Value::Null) => Self::Text,
            Some(Value::Bool(_)) => Self::Checkbox,
            Some(Value::Number(_)) => Self::Number,
            Some(Value::Array(_) | Value::Object(_)) => Self::Json,
        }
    }
}

/// The description of one field; not its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Definition {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) choices: Vec<String>,
}

impl Definition {
    /// Of all fields in the order in which they are shown. Whatever stands there, it is shown somehow.
    pub(super) fn all(fields: Option<&Value>) -> Vec<Self> {
        let Some(Value::Object(fields)) = fields else { return Vec::new() };
        let mut all: Vec<(i64, Self)> =
            fields.iter().map(|(key, field)| read(key, field)).collect();
        all.sort_by(|(one, first), (other, second)| {
            one.cmp(other).then_with(|| first.key.cmp(&second.key))
        });
        all.into_iter().map(|(_, definition)| definition).collect()
    }

    /// Where a part of the field is.
    pub(super) fn path(&self, part: &str) -> Option<Path> {
        Path::from_keys([FIELDS, &self.key, part]).ok()
    }
}

fn read(key: &str, field: &Value) -> (i64, Definition) {
    let text = |name: &str| field.get(name).and_then(Value::as_str);
    let kind = text("kind").and_then(Kind::of_word);
    let choices = field.get("choices").and_then(Value::as_array);
    let choices = choices.into_iter().flatten().filter_map(Value::as_str).map(Into::into);
    let definition = Definition {
        key: key.into(),
        label: text("label").filter(|label| !label.trim().is_empty()).unwrap_or(key).into(),
        kind: kind.unwrap_or_else(|| Kind::of_value(field.get("value"))),
        choices: choices.collect(),
    };
    (field.get("order").and_then(Value::as_i64).unwrap_or(i64::MAX), definition)
}

/// The merge patch that adds a field under a key of [`free_key`].
pub(super) fn added(
    fields: Option<&Value>,
    key: &str,
    label: &str,
    kind: Kind,
    choices: &[String],
) -> Value {
    let order = fields.and_then(Value::as_object).into_iter().flat_map(Map::values);
    let order = order.filter_map(|field| field.get("order")?.as_i64()).max().unwrap_or(0);
    let mut field =
        json!({ "label": label, "kind": kind.word(), "order": order.saturating_add(1) });
    if kind == Kind::Choice
        && let Some(field) = field.as_object_mut()
    {
        field.insert("choices".into(), json!(choices));
    }
    json!({ FIELDS: { key: field } })
}

/// Whether a person sees a field of this name already; the one under the key `but` does not count.
pub(super) fn is_taken(fields: Option<&Value>, label: &str, but: Option<&str>) -> bool {
    let label = label.to_lowercase();
    let mut others = Definition::all(fields).into_iter().filter(|field| Some(&*field.key) != but);
    others.any(|field| field.label.trim().to_lowercase() == label)
}

/// A key for a new field. It follows from the name, so two tabs that add the same field apart have added
/// one; where a field that was renamed since has it, it gets a number.
pub(super) fn free_key(fields: Option<&Value>, label: &str) -> String {
    let key = key_of(label);
    let is_free = |key: &str| fields.and_then(|fields| fields.get(key)).is_none();
    if is_free(&key) {
        return key;
    }
    let mut numbered = (2_u64..).map(|number| format!("{key}-{number}"));
    numbered.find(|key| is_free(key)).unwrap_or(key)
}

/// Letters and digits of the name, words joined by `-`.
fn key_of(label: &str) -> String {
    let lower = label.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    let key = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let key: String = key.chars().take(KEY_CHARS).collect();
    if key.is_empty() { "field".into() } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctx_1_two_tabs_that_add_the_same_field_add_one() {
        let key = |label: &str| {
            let patch = added(None, &free_key(None, label), label, Kind::Number, &[]);
            let fields = patch.get(FIELDS).and_then(Value::as_object).cloned().unwrap_or_default();
            fields.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(key("Budget, EUR"), ["budget-eur"]);
        assert_eq!(key("Budget, EUR"), key(" budget EUR"));
        assert_eq!(key_of("Größe (m)"), "größe-m");
        assert_eq!(key_of("..."), "field");
    }

    #[test]
    fn ctx_1_a_name_is_free_again_when_its_field_has_another() {
        let fields = json!({ "budget": { "label": "Cost" }, "budget-2": { "label": "Rest" } });
        assert!(!is_taken(Some(&fields), "Budget", None));
        assert_eq!(free_key(Some(&fields), "Budget"), "budget-3");
        assert_eq!(free_key(Some(&fields), "Cost"), "cost");
        assert_eq!(free_key(Some(&json!("text")), "Budget"), "budget");
    }

    #[test]
    fn ctx_1_two_fields_of_one_name_are_refused() {
        let fields = json!({ "budget": { "label": "Cost " }, "way": {} });
        assert!(is_taken(Some(&fields), "Cost", None));
        assert!(is_taken(Some(&fields), "cost", None));
        assert!(is_taken(Some(&fields), "Way", None));
        assert!(is_taken(Some(&fields), "Cost", Some("way")));
        // Its own name is no other's.
        assert!(!is_taken(Some(&fields), "Cost", Some("budget")));
        assert!(!is_taken(None, "Cost", None));
    }

    #[test]
    fn ctx_1_fields_keep_their_order_and_show_whatever_is_there() {
        let fields = json!({
            "b": { "order": 1, "label": "B", "kind": "choice", "choices": ["x", 1, "y"] },
            "a": { "order": 2, "kind": "nonsense", "value": true },
            "z": 5,
            "n": { "value": [1] },
        });
        let all = Definition::all(Some(&fields));
        let shown: Vec<_> = all.iter().map(|field| (field.label.as_str(), field.kind)).collect();
        assert_eq!(
            shown,
            [("B", Kind::Choice), ("a", Kind::Checkbox), ("n", Kind::Json), ("z", Kind::Text)]
        );
        assert_eq!(all[0].choices, ["x", "y"]);
        assert!(is_taken(Some(&fields), "B", None) && !is_taken(Some(&fields), "C", None));
        assert_eq!(Definition::all(Some(&json!("text"))), []);
    }

    #[test]
    fn ctx_1_a_new_field_comes_last() {
        let fields = json!({ "a": { "order": 7 } });
        let patch = added(Some(&fields), "c", "C", Kind::Choice, &["x".into()]);
        assert_eq!(patch.pointer("/fields/c/order"), Some(&json!(8)));
        assert_eq!(patch.pointer("/fields/c/choices"), Some(&json!(["x"])));
    }
}
