//! JSON merge patch (RFC 7396) on the root object.

use serde_json::{Map as Fields, Value};

use super::diff::smallest_edit;
use super::limit::{check_shape, check_value};
use super::read::Found;
use super::schema::{is_object_marker, object_marker};
use super::write::{Origin, Step};
use super::{Context, Path, json};
use crate::{Error, Result};

impl Context {
    /// Applies a JSON merge patch (RFC 7396) to the root object. Returns the updates it made, each
    /// at most `limits::UPDATE_BYTES`; none where nothing changed. A string patched onto a text
    /// becomes the smallest edit of that text.
    ///
    /// # Errors
    /// `InvalidValue` (patch is no object), `LimitExceeded` (key, nesting, one value over 1 MB, the
    /// whole context); then nothing changed.
    pub fn patch(&mut self, patch: &Value) -> Result<Vec<Vec<u8>>> {
        let Value::Object(fields) = patch else {
            return Err(Error::InvalidValue {
                field: "patch".into(),
                reason: "A merge patch of the context is an object.".into(),
            });
        };
        check_shape(patch, 0)?;
        let mut steps = Vec::new();
        self.plan_object(None, fields, &mut steps)?;
        self.commit(steps, Origin::Person)
    }

    fn plan_object(
        &self,
        parent: Option<&Path>,
        fields: &Fields<String, Value>,
        steps: &mut Vec<Step>,
    ) -> Result<()> {
        let before = steps.len();
        for (key, value) in fields {
            let path = match parent {
                Some(parent) => parent.join(key)?,
                None => Path::from_keys([key.as_str()])?,
            };
            self.plan_value(&path, value, steps)?;
        }
        // An object that changes is marked as one, so that it stays when its last child goes.
        let Some(parent) = parent.filter(|_| steps.len() > before) else { return Ok(()) };
        if self.is_marked(parent) || self.find(parent) != Found::Object {
            return Ok(());
        }
        if self.has_characters(parent) {
            steps.push(Step::Clear(parent.clone()));
        }
        steps.push(Step::Set(parent.clone(), object_marker()));
        Ok(())
    }

    fn plan_value(&self, path: &Path, value: &Value, steps: &mut Vec<Step>) -> Result<()> {
        match (self.find(path), value) {
            (_, Value::Null) => self.remove_all(path, steps),
            (Found::Object, Value::Object(fields)) => {
                self.plan_object(Some(path), fields, steps)?;
            }
            (Found::Value(Value::Object(now)), Value::Object(_)) => {
                // A foreign client wrote the object as one value: from now on its children stand.
                let mut merged = Value::Object(now.clone());
                json::merge(&mut merged, value);
                if let Value::Object(merged) = &merged
                    && *merged != now
                {
                    steps.push(Step::Set(path.clone(), object_marker()));
                    self.plan_object(Some(path), merged, steps)?;
                }
            }
            (_, Value::Object(fields)) => {
                if self.has_characters(path) {
                    steps.push(Step::Clear(path.clone()));
                }
                steps.push(Step::Set(path.clone(), object_marker()));
                self.plan_object(Some(path), fields, steps)?;
            }
            (Found::Text(now), Value::String(then)) => {
                if let Some(edit) = smallest_edit(&now, then) {
                    self.plan_marker(path, steps);
                    steps.push(Step::Edit(path.clone(), edit));
                }
            }
            (found, value) => {
                let stored = json::to_any(value);
                check_value(&stored)?;
                // Compared as it will be read: 1.0 is 1.
                if matches!((found, json::from_any(&stored)),
                    (Found::Value(now), Some(then)) if now == then)
                {
                    return Ok(());
                }
                let below = self.keys_below(Some(path)).into_iter();
                steps.extend(below.map(Step::Remove));
                let below = self.texts_below(Some(path)).into_iter();
                steps.extend(below.map(Step::Clear));
                if self.has_characters(path) {
                    steps.push(Step::Clear(path.clone()));
                }
                steps.push(Step::Set(path.clone(), stored));
            }
        }
        Ok(())
    }

    fn is_marked(&self, path: &Path) -> bool {
        self.stored(path).as_ref().is_some_and(is_object_marker)
    }
}
