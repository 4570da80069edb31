//! The limits of CTX-10, checked before anything is changed.

use serde_json::Value;
use yrs::Any;

use super::{Context, json};
use crate::limits::{CONTEXT_BYTES, KEY_BYTES, NESTING_LEVELS, UPDATE_BYTES};
use crate::{Error, Result};

/// What a value's update needs besides the value: key, ids, deletion of the value before.
const STRUCT_BYTES: usize = 64 * 1000;

/// Checks keys and nesting of everything in `value`, which stands at `level` (the root object is 0).
pub(super) fn check_shape(value: &Value, level: usize) -> Result<()> {
    if !matches!(value, Value::Object(_) | Value::Array(_)) {
        return Ok(());
    }
    if level > NESTING_LEVELS {
        return Err(Error::limit("nesting levels", NESTING_LEVELS, level));
    }
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| check_shape(item, level + 1)),
        Value::Object(fields) => fields.iter().try_for_each(|(key, value)| {
            if key.len() > KEY_BYTES {
                return Err(Error::limit("key bytes", KEY_BYTES, key.len()));
            }
            check_shape(value, level + 1)
        }),
        _ => Ok(()),
    }
}

/// Checks that one value fits into one update. A text may be longer: it is cut.
pub(super) fn check_value(value: &Any) -> Result<()> {
    let limit = UPDATE_BYTES - STRUCT_BYTES;
    match json::encoded_len(value) {
        len if len > limit => Err(Error::limit("value bytes", limit, len)),
        _ => Ok(()),
    }
}

impl Context {
    /// Checks that an edit which adds about `adding` bytes leaves the context within its limit.
    pub(super) fn check_room(&mut self, adding: usize) -> Result<()> {
        let full = |context: &Self| context.bytes + adding > CONTEXT_BYTES;
        if adding == 0 || !full(self) {
            return Ok(());
        }
        // `bytes` still counts what was deleted and collected: look exactly, now that it matters.
        self.bytes = self.encode().len();
        if full(self) && self.can_undo() {
            // What undo could bring back takes room too, and gives way to what is there.
            self.forget_undo();
            self.bytes = self.encode().len();
        }
        if full(self) {
            return Err(Error::limit("context bytes", CONTEXT_BYTES, self.bytes + adding));
        }
        Ok(())
    }
}
