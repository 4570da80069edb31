//! What a reset clears, in words.

use serde_json::Value;

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contents {
    words: usize,
    fields: usize,
}

impl Contents {
    /// Of the long text and the structured fields.
    pub(super) fn of(notes: Option<&Value>, fields: Option<&Value>) -> Self {
        let text = notes.and_then(Value::as_str).unwrap_or_default();
        let fields = fields.and_then(Value::as_object).map_or(0, serde_json::Map::len);
        Self { words: text.split_whitespace().count(), fields }
    }
}

/// `The text (412 words) and 5 fields go.`
pub(super) fn goes(contents: &Contents) -> String {
    let text = match contents.words {
        0 => None,
        1 => Some("The text (1 word)".to_owned()),
        words => Some(format!("The text ({words} words)")),
    };
    let fields = match contents.fields {
        0 => None,
        1 => Some("1 field".to_owned()),
        fields => Some(format!("{fields} fields")),
    };
    match (text, fields) {
        (Some(text), Some(fields)) => format!("{text} and {fields} go."),
        (Some(text), None) => format!("{text} goes."),
        (None, Some(fields)) if contents.fields == 1 => format!("{fields} goes."),
        (None, Some(fields)) => format!("{fields} go."),
        (None, None) => "There is no text and no field to clear.".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sess_4_the_dialog_says_what_goes() {
        let said = |notes: Value, fields: Value| goes(&Contents::of(Some(&notes), Some(&fields)));
        assert_eq!(
            said(json!("a b\nc"), json!({ "x": {}, "y": {} })),
            "The text (3 words) and 2 fields go."
        );
        assert_eq!(said(json!("word"), json!({})), "The text (1 word) goes.");
        assert_eq!(said(json!(" "), json!({ "x": {} })), "1 field goes.");
        assert_eq!(said(json!(""), json!({ "x": {}, "y": {} })), "2 fields go.");
        assert_eq!(goes(&Contents::of(None, None)), "There is no text and no field to clear.");
    }
}
