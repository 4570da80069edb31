//! Values between JSON and the document.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};
use yrs::{Any, any};

/// 2^63: the first integer beyond `i64`.
const I64_END: f64 = 9_223_372_036_854_775_808.0;

/// A JSON value as the document holds it.
pub(super) fn to_any(value: &Value) -> Any {
    match value {
        Value::Null => Any::Null,
        Value::Bool(value) => Any::Bool(*value),
        Value::Number(number) => Any::Number(to_number(number)),
        Value::String(text) => Any::from(text.as_str()),
        Value::Array(items) => Any::from(items.iter().map(to_any).collect::<Vec<_>>()),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.clone(), to_any(value)));
            Any::from(fields.collect::<HashMap<_, _>>())
        }
    }
}

fn to_number(number: &Number) -> any::Number {
    match number.as_i64() {
        // Its encoding cannot tell this one from 2^63.
        Some(i64::MAX) => any::Number::Float(I64_END),
        Some(integer) => any::Number::Int(integer),
        None => match number.as_f64().unwrap_or_default() {
            float if is_integer(float) => any::Number::Int(integer(float)),
            float => any::Number::Float(float),
        },
    }
}

/// A value of the document as JSON; `None` where there is none (`undefined`, binary).
pub(super) fn from_any(value: &Any) -> Option<Value> {
    Some(match value {
        Any::Undefined | Any::Buffer(_) => return None,
        Any::Null => Value::Null,
        Any::Bool(value) => Value::Bool(*value),
        Any::Number(any::Number::Int(integer)) => Value::from(*integer),
        Any::Number(any::Number::Float(float)) if is_integer(*float) => {
            Value::from(integer(*float))
        }
        // As JSON.stringify: null for what is no number.
        Any::Number(any::Number::Float(float)) => Value::from(*float),
        Any::String(text) => Value::from(&**text),
        // Likewise: null for an absent item, so that the others keep their places.
        Any::Array(items) => {
            items.iter().map(|item| from_any(item).unwrap_or(Value::Null)).collect()
        }
        Any::Map(fields) => {
            let fields = fields.iter().filter_map(|(key, value)| Some((key, from_any(value)?)));
            Value::Object(fields.map(|(key, value)| (key.clone(), value)).collect::<Map<_, _>>())
        }
    })
}

fn is_integer(float: f64) -> bool {
    float.trunc() == float && (-I64_END..I64_END).contains(&float)
}

#[expect(clippy::cast_possible_truncation, reason = "is_integer was asked before")]
fn integer(float: f64) -> i64 {
    float as i64
}

/// JSON merge patch (RFC 7396) on plain values.
pub(super) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(object) = target.as_object_mut() else { return };
    for (key, value) in fields {
        if value.is_null() {
            object.remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// How many bytes a value takes in an update.
pub(super) fn encoded_len(value: &Any) -> usize {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes.len()
}
