//! What a reset clears, in words.

use serde_json::{Map, Value};

use crate::notes::{FIELDS, TEXT};

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    words: usize,
    fields: usize,
    /// What other programs put there.
    others: usize,
}

impl Contents {
    /// Of a whole context.
    pub(super) fn of(context: &Value) -> Self {
        let text = context.get(TEXT).and_then(Value::as_str).unwrap_or_default();
        let fields = context.get(FIELDS).and_then(Value::as_object);
        let all = context.as_object().into_iter().flat_map(Map::keys);
        Self {
            words: text.split_whitespace().count(),
            fields: fields.map_or(0, Map::len),
            others: all.filter(|key| !matches!(key.as_str(), TEXT | FIELDS)).count(),
        }
    }

    /// There is nothing to clear.
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// `The text (412 words) and 5 fields go.`
pub(super) fn goes(contents: Contents) -> String {
    let counted = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
    let text = counted(contents.words, "word", "words").map(|words| format!("The text ({words})"));
    let fields = counted(contents.fields, "field", "fields");
    let others = counted(contents.others, "other value", "other values");
    let single = contents.words.min(1) + contents.fields + contents.others == 1;
    let verb = if single { "goes" } else { "go" };
    let parts: Vec<String> = [text, fields, others].into_iter().flatten().collect();
    match parts.split_last() {
        None => "There is nothing to clear.".into(),
        Some((last, [])) => format!("{last} {verb}."),
        Some((last, before)) => format!("{} and {last} {verb}.", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sess_4_the_dialog_says_what_goes() {
        let said = |context: Value| goes(Contents::of(&context));
        let two = json!({ "x": {}, "y": {} });
        assert_eq!(
            said(json!({ "notes": "a b\nc", "fields": two })),
            "The text (3 words) and 2 fields go."
        );
        assert_eq!(
            said(json!({ "notes": "a b", "fields": two, "trip": {} })),
            "The text (2 words), 2 fields and 1 other value go."
        );
        assert_eq!(said(json!({ "notes": "word", "fields": {} })), "The text (1 word) goes.");
        assert_eq!(said(json!({ "notes": "a b" })), "The text (2 words) goes.");
        assert_eq!(said(json!({ "fields": { "x": {} } })), "1 field goes.");
        assert_eq!(said(json!({ "fields": two })), "2 fields go.");
        assert_eq!(said(json!({ "notes": " " })), "There is nothing to clear.");
    }
}
