//! Fields as they are read where no program runs.

use serde_json::Value;

use super::definition::{Definition, FIELDS, Kind};
use super::reading::line;

/// Name and value of each field of a context, in the order in which they are shown.
pub(crate) fn plain_fields(context: &Value) -> Vec<(String, String)> {
    let fields = context.get(FIELDS);
    let said = |field: Definition| {
        let value = fields.and_then(|fields| fields.get(&field.key)?.get("value"));
        let value = match (field.kind, value.and_then(Value::as_bool)) {
            (Kind::Checkbox, checked) => if checked == Some(true) { "Yes" } else { "No" }.into(),
            _ => line(value),
        };
        (field.label, value)
    };
    Definition::all(fields).into_iter().map(said).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ux_4_fields_are_read_in_their_order_whatever_they_hold() {
        let context = json!({ "fields": {
            "huts": { "label": "Huts", "kind": "json", "order": 1, "value": { "beds": [4] } },
            "a": { "label": "Vegetarian", "kind": "checkbox", "order": 2, "value": true },
            "b": { "label": "Snorer", "kind": "checkbox", "order": 3 },
            "c": { "label": "Budget", "kind": "number", "order": 4, "value": 2400 },
        } });
        let read = plain_fields(&context);
        let read: Vec<_> =
            read.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected = [
            ("Huts", "{\"beds\":[4]}"),
            ("Vegetarian", "Yes"),
            ("Snorer", "No"),
            ("Budget", "2400"),
        ];
        assert_eq!(read, expected);
        assert_eq!(plain_fields(&json!({})), []);
    }
}
