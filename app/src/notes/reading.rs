//! What was typed into a field, as a value of its kind, and back.

use serde_json::{Number, Value};

/// A number as people type it. `Ok(None)`: nothing is there.
///
/// # Errors
/// In words for the person.
pub(super) fn number(typed: &str) -> Result<Option<Value>, String> {
    let compact: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    if compact.is_empty() {
        return Ok(None);
    }
    let unsigned = compact.strip_prefix(['-', '\u{2212}']).unwrap_or(&compact);
    let sign = if unsigned.len() < compact.len() { "-" } else { "" };
    let unsigned = unsigned.strip_prefix('+').unwrap_or(unsigned);
    // Only one comma and no point: it is the decimal sign.
    let point = match (unsigned.matches(',').count(), unsigned.contains('.')) {
        (1, false) => unsigned.replace(',', "."),
        _ => unsigned.to_owned(),
    };
    let whole = if point.starts_with('.') { "0" } else { "" };
    let digits = point.trim_start_matches('0');
    let point = match digits.chars().next() {
        Some('0'..='9') => digits,
        // `0.5`, `0`, or no number at all.
        _ => &point,
    };
    serde_json::from_str::<Number>(&format!("{sign}{whole}{point}"))
        .map(|number| Some(Value::Number(number)))
        .map_err(|_| "This is not a number. The last valid value is kept.".into())
}

/// JSON. `Ok(None)`: nothing is there.
///
/// # Errors
/// In words for the person, with the line.
pub(super) fn json(typed: &str) -> Result<Option<Value>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    serde_json::from_str(typed).map(Some).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Eof => "something is missing at the end",
            _ => "this is not JSON",
        };
        format!("Line {}: {what}. The last valid value is kept.", error.line())
    })
}

/// How a value is shown in a line.
pub(super) fn line(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

/// How a value is shown in a JSON field.
pub(super) fn pretty(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(value) => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ctx_1_numbers_are_read_as_people_type_them() {
        for (typed, value) in [
            ("12", json!(12)),
            (" 2 400 ", json!(2400)),
            ("1,5", json!(1.5)),
            (".5", json!(0.5)),
            ("-.5", json!(-0.5)),
            ("+3", json!(3)),
            ("007", json!(7)),
            ("0", json!(0)),
            ("0.25", json!(0.25)),
            ("\u{2212}4", json!(-4)),
        ] {
            assert_eq!(number(typed), Ok(Some(value)), "{typed}");
        }
        assert_eq!(number("  "), Ok(None));
        for typed in ["1e", "-", "1.2.3", "NaN", "1,000.5.", "--1"] {
            assert!(number(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn ctx_1_broken_json_says_where() {
        assert_eq!(json("{\"a\": [1]}"), Ok(Some(json!({ "a": [1] }))));
        assert_eq!(json(" "), Ok(None));
        assert!(json("{\n\"a\": 1,\n}").unwrap_err().starts_with("Line 3:"));
        assert!(json("[1").unwrap_err().contains("missing at the end"));
    }
}
