//! What the value of a form control means as a value of the context.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// What a control holds, as the DOM gives it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Held {
    /// `value` of everything but checkboxes.
    Text(String),
    /// `checked` of a checkbox or radio button.
    Checked(bool),
}

/// The value to put into the context; `None` where the text is no value of that kind (a number that
/// is still being typed). `kind` is the control's `type` or, where it has one, its `data-type`.
pub(crate) fn value_of(kind: &str, held: &Held) -> Option<Value> {
    let text = match held {
        Held::Checked(checked) => return Some(Value::Bool(*checked)),
        Held::Text(text) => text,
    };
    match kind {
        "number" | "range" => {
            let trimmed = text.trim();
            if trimmed.is_empty() {
                return Some(Value::Null);
            }
            // As in JSON, save that HTML takes a fraction without its zero.
            let number = match trimmed.strip_prefix('-').unwrap_or(trimmed).strip_prefix('.') {
                Some(fraction) if trimmed.starts_with('-') => format!("-0.{fraction}"),
                Some(fraction) => format!("0.{fraction}"),
                None => trimmed.to_owned(),
            };
            serde_json::from_str::<Number>(&number).ok().map(Value::Number)
        }
        "json" => serde_json::from_str(text).ok(),
        _ => Some(Value::String(text.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ctx_8_a_typed_value_becomes_the_kind_of_its_field() {
        let text = |text: &str| Held::Text(text.into());
        assert_eq!(value_of("text", &text("12")), Some(json!("12")));
        assert_eq!(value_of("number", &text(" 12 ")), Some(json!(12)));
        assert_eq!(value_of("number", &text("1.5")), Some(json!(1.5)));
        assert_eq!(value_of("number", &text("")), Some(json!(null)));
        assert_eq!(value_of("number", &text("-.5")), Some(json!(-0.5)));
        assert_eq!(value_of("number", &text("1e")), None);
        assert_eq!(value_of("number", &text("NaN")), None);
        assert_eq!(value_of("json", &text("[1")), None);
        assert_eq!(value_of("json", &text("[1]")), Some(json!([1])));
        assert_eq!(value_of("checkbox", &Held::Checked(true)), Some(json!(true)));
    }
}
