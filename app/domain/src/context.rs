//! The context: one CRDT document per session, JSON in and JSON out (CTX-1).
//!
//! # The document's schema, for whoever speaks Yjs
//!
//! Two tabs that each create `profile` offline must keep both tabs' fields, so no shared type is ever
//! nested in another. A context is
//!
//! * one root map, `context`. Its keys are paths: JSON pointers (RFC 6901) such as `/profile/name`
//!   (`~` written `~0`, `/` written `~1`). Its values are plain: a string, number, boolean, null or
//!   array is the value at that path; `{}` says that an object is there, and is written for each
//!   object that was created as such; `{"type":"text"}` says that a text is there. A non-empty
//!   object is written as its children, key by key.
//! * one root text for each text, named `text:` and its path: `text:/notes`.
//!
//! With an unmodified Yjs (`doc` holding what the server sent):
//!
//! ```js
//! const context = doc.getMap("context")
//! context.get("/profile/name")                  // "Ada"
//! doc.transact(() => {                          // creates or changes /profile/born
//!   if (!context.has("/profile")) context.set("/profile", {})
//!   context.set("/profile/born", 1815)
//! })
//! doc.transact(() => {                          // creates a text at /notes, or types into it
//!   if (!context.has("/notes")) context.set("/notes", { type: "text" })
//!   doc.getText("text:/notes").insert(0, "Dear diary")
//! })
//! doc.transact(() => {                          // deletes /profile
//!   for (const key of context.keys())
//!     if (key === "/profile" || key.startsWith("/profile/")) context.delete(key)
//!   // and the characters of each text at or below it
//! })
//! ```
//!
//! Updates that do anything else (nest a type, format a text, use another root) are refused.
//!
//! # How it is read
//!
//! Everywhere the same, whatever order the updates came in:
//!
//! 1. Where something stands below a path, there is an object; a value or text at the path itself is
//!    not seen.
//! 2. Otherwise the map's entry decides: a value, `{}`, or the text if it is the text's marker. Any
//!    other object as a value (from a foreign client) is read as it is.
//! 3. Without an entry, a text that has characters is there. So what was typed while somebody else
//!    deleted the text survives.
//!
//! `undefined` and binary values read as absent, map keys that are no valid path are not seen.
//!
//! Deleting a path removes its key, the keys below it and the characters of the texts there. What
//! another device wrote below meanwhile stays.
//!
//! Numbers: integers that fit `i64` come back as integers, whether they were written as `1`, `1.0`
//! or `1e3`; all others as 64-bit floats.

mod apply;
mod cut;
mod diff;
mod edit;
mod json;
mod limit;
mod observe;
mod order;
mod patch;
mod path;
mod read;
mod restore;
mod schema;
mod seed;
mod undo;
pub mod utf16;
mod write;

pub use path::Path;
pub use restore::{Replaced, Restoration, Reversion};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use yrs::block::ClientID;
use yrs::{Doc, MapRef, OffsetKind, Options, TextRef};

use crate::scan::{Coverage, MAP};
use observe::Observed;
use undo::Undo;

/// A live context document. `Send`; not for sharing between threads.
pub struct Context {
    // Before the document, which it listens to: dropped first.
    undo: Undo,
    doc: Doc,
    map: MapRef,
    /// The map's keys that are paths and have a value.
    keys: BTreeSet<Path>,
    /// Every root text of the document.
    texts: BTreeMap<Path, TextRef>,
    coverage: Coverage,
    /// Updates that build on what is not here yet.
    waiting: Vec<Vec<u8>>,
    /// Some of them have come into the document since somebody asked.
    unblocked: bool,
    observed: Arc<Mutex<Observed>>,
    last_changes: Changes,
    /// At least the bytes of the encoded document.
    bytes: usize,
}

/// An edit of a text, offsets in UTF-16 code units as the DOM counts them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextEdit {
    /// Where.
    pub at: u32,
    /// How many units go.
    pub delete: u32,
    /// What comes there.
    pub insert: String,
}

/// What applying an update, undo or redo changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Paths at which something was written or deleted (including texts), in path order. The values
    /// of the objects around them changed with them.
    pub paths: Vec<Path>,
    /// For texts: the edits in order, each counted in what the one before left, so that a caret can
    /// be kept.
    pub texts: Vec<(Path, Vec<TextEdit>)>,
}

/// Everything in a context by path, the form in which two moments are compared and restored.
/// Objects stand in it only where they are empty.
pub type Entries = BTreeMap<Path, Entry>;

/// What stands at one path.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A scalar or an array, or an object without children.
    Value(Value),
    /// A text that merges character by character.
    Text(String),
}

impl Context {
    /// An empty context that writes as `client_id` (see `Environment::client_id`).
    pub fn new(client_id: u64) -> Self {
        let client_id = ClientID::new(client_id & (crate::scan::cursor::CLIENT_END - 1));
        // A fixed name of the document spares the random one, which nothing here needs.
        let mut options = Options::with_guid_and_client_id(MAP.into(), client_id);
        options.offset_kind = OffsetKind::Utf16;
        let doc = Doc::with_options(options);
        let map = doc.get_or_insert_map(MAP);
        let observed = observe::observe(&doc, &map);
        Self {
            undo: Undo::new(&doc, &map),
            doc,
            map,
            keys: BTreeSet::new(),
            texts: BTreeMap::new(),
            coverage: Coverage::default(),
            waiting: Vec::new(),
            unblocked: false,
            observed,
            last_changes: Changes::default(),
            bytes: 0,
        }
    }

    /// What the latest `patch`, `edit_text`, `set_text`, `restore` or `revert` changed here.
    pub fn last_changes(&self) -> &Changes {
        &self.last_changes
    }
}

impl std::fmt::Debug for Context {
    /// Without content: what is in a context does not belong in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("keys", &self.keys.len())
            .field("texts", &self.texts.len())
            .field("waiting", &self.waiting.len())
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
