//! Reading, by the rules in the module's documentation.

use std::collections::HashSet;

use serde_json::{Map as Fields, Value};
use yrs::{Any, GetString, Map, Out, ReadTxn, StateVector, Text, TextRef, Transact};

use super::schema::{Below, is_object_marker, is_text_marker};
use super::{Context, Entries, Entry, Path, json};
use crate::Result;
use crate::scan::read_state_vector;

/// What is read at a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    Nothing,
    /// With or without children.
    Object,
    Text(String),
    Value(Value),
}

impl Context {
    /// The value at a path; texts read as strings.
    pub fn get(&self, path: &Path) -> Option<Value> {
        match self.find(path) {
            Found::Nothing => self.get_in_value(path),
            Found::Object => Some(self.object(Some(path))),
            Found::Text(text) => Some(Value::String(text)),
            Found::Value(value) => Some(value),
        }
    }

    /// A field of an object that a foreign client wrote as one value.
    fn get_in_value(&self, path: &Path) -> Option<Value> {
        let parent = path.ancestors().find(|parent| self.keys.contains(parent))?;
        let Found::Value(mut value) = self.find(&parent) else { return None };
        for key in path.keys().skip(parent.keys().count()) {
            value = value.as_object_mut()?.remove(&key)?;
        }
        Some(value)
    }

    /// Whether the value at a path is a text that merges character by character.
    pub fn is_text(&self, path: &Path) -> bool {
        matches!(self.find(path), Found::Text(_))
    }

    /// The whole context as a JSON object.
    pub fn to_json(&self) -> Value {
        self.object(None)
    }

    /// Everything by path.
    pub fn entries(&self) -> Entries {
        self.entries_below(None)
    }

    /// The state vector, Yjs encoding version 1.
    pub fn state_vector(&self) -> Vec<u8> {
        self.coverage.state_vector()
    }

    /// What this document has beyond `state_vector`, with its whole delete set.
    ///
    /// # Errors
    /// `Malformed` for a state vector that cannot be read.
    pub fn difference(&self, state_vector: &[u8]) -> Result<Vec<u8>> {
        let clocks = read_state_vector(state_vector)?.into_iter();
        let clocks = clocks.map(|(client, clock)| (yrs::block::ClientID::new(client), clock));
        let state_vector = clocks.collect::<StateVector>();
        Ok(self.doc.transact().encode_state_as_update_v1(&state_vector))
    }

    /// The whole document as one update, without [`Context::waiting`].
    pub fn encode(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// Updates that were applied but build on changes which have not come yet, in the order they
    /// came. Whoever replaces a log of updates by [`Context::encode`] keeps these as well.
    pub fn waiting(&self) -> &[Vec<u8>] {
        &self.waiting
    }

    /// Whether something that waited has come into the document since this was asked before.
    pub fn take_unblocked(&mut self) -> bool {
        std::mem::take(&mut self.unblocked)
    }

    /// What the map holds under a path.
    pub(super) fn stored(&self, path: &Path) -> Option<Any> {
        if !self.keys.contains(path) {
            return None;
        }
        match self.map.get(&self.doc.transact(), path.as_str()) {
            Some(Out::Any(value)) => Some(value),
            _ => None,
        }
    }

    /// The characters of the text at a path, seen or not.
    pub(super) fn characters(&self, path: &Path) -> String {
        match self.texts.get(path) {
            Some(text) => text.get_string(&self.doc.transact()),
            None => String::new(),
        }
    }

    /// Whether the text at a path has characters, seen or not.
    pub(super) fn has_characters(&self, path: &Path) -> bool {
        self.texts.get(path).is_some_and(|text| self.is_filled(text))
    }

    fn is_filled(&self, text: &TextRef) -> bool {
        let txn = self.doc.transact();
        // The length also counts what a hostile client put between characters.
        text.len(&txn) > 0 && !text.get_string(&txn).is_empty()
    }

    /// Paths at which something stands below `parent`, seen or not: keys of the map.
    pub(super) fn keys_below(&self, parent: Option<&Path>) -> Vec<Path> {
        let below = Below::new(parent);
        self.keys.range::<str, _>(below.bounds()).cloned().collect()
    }

    /// Likewise: texts with characters.
    pub(super) fn texts_below(&self, parent: Option<&Path>) -> Vec<Path> {
        let below = Below::new(parent);
        let texts = self.texts.range::<str, _>(below.bounds());
        texts.filter(|(_, text)| self.is_filled(text)).map(|(path, _)| path.clone()).collect()
    }

    fn has_below(&self, path: &Path) -> bool {
        let below = Below::new(Some(path));
        self.keys.range::<str, _>(below.bounds()).next().is_some()
            || self.texts.range::<str, _>(below.bounds()).any(|(_, text)| self.is_filled(text))
    }

    /// What is read at a path.
    pub(super) fn find(&self, path: &Path) -> Found {
        if self.has_below(path) {
            return Found::Object;
        }
        self.find_itself(path)
    }

    /// What stands at a path, whatever is below it.
    fn find_itself(&self, path: &Path) -> Found {
        match self.stored(path) {
            Some(value) if is_text_marker(&value) => Found::Text(self.characters(path)),
            Some(value) if is_object_marker(&value) => Found::Object,
            Some(value) => json::from_any(&value).map_or(Found::Nothing, Found::Value),
            None if self.has_characters(path) => Found::Text(self.characters(path)),
            None => Found::Nothing,
        }
    }

    fn entries_below(&self, parent: Option<&Path>) -> Entries {
        let mut paths = self.keys_below(parent);
        paths.extend(self.texts_below(parent));
        let objects: HashSet<Path> = paths.iter().flat_map(Path::ancestors).collect();
        let seen = paths.into_iter().filter(|path| !objects.contains(path));
        let entries = seen.filter_map(|path| {
            let entry = match self.find_itself(&path) {
                Found::Nothing => return None,
                Found::Object => Entry::Value(Value::Object(Fields::new())),
                Found::Text(text) => Entry::Text(text),
                Found::Value(value) => Entry::Value(value),
            };
            Some((path, entry))
        });
        entries.collect()
    }

    /// The object at a path, whose children are read from below it.
    fn object(&self, path: Option<&Path>) -> Value {
        let mut root = Fields::new();
        let levels = path.map_or(0, |path| path.keys().count());
        for (path, entry) in self.entries_below(path) {
            let mut keys: Vec<String> = path.keys().skip(levels).collect();
            let Some(last) = keys.pop() else { continue };
            let mut object = Some(&mut root);
            for key in keys {
                let child = object.map(|object| {
                    object.entry(key).or_insert_with(|| Value::Object(Fields::new()))
                });
                object = child.and_then(Value::as_object_mut);
            }
            let value = match entry {
                Entry::Value(value) => value,
                Entry::Text(text) => Value::String(text),
            };
            object.map(|object| object.insert(last, value));
        }
        Value::Object(root)
    }
}
