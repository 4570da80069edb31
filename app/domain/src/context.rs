//! The context: one CRDT document per session, JSON in and JSON out (CTX-1).

mod path;

pub use path::Path;

use serde_json::Value;

use crate::Result;

/// A live context document. `Send`; not for sharing between threads.
#[derive(Debug)]
pub struct Context {
    doc: yrs::Doc,
}

/// An edit of a text, offsets in UTF-16 code units as the DOM counts them.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Paths whose value changed (including texts), in path order.
    pub paths: Vec<Path>,
    /// For texts: the edits in order, so that a caret can be kept.
    pub texts: Vec<(Path, Vec<TextEdit>)>,
}

/// Everything in a context by path, the form in which two moments are compared and restored.
pub type Entries = std::collections::BTreeMap<Path, Entry>;

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
        Self { doc: yrs::Doc::with_client_id(client_id) }
    }

    /// Scans and applies an update (at most `limits::CONTEXT_BYTES`).
    ///
    /// # Errors
    /// Those of [`crate::scan::scan`]; then nothing was applied.
    pub fn apply(&mut self, _update: &[u8]) -> Result<Changes> {
        Ok(Changes::default())
    }

    /// Applies many updates as one; for loading.
    ///
    /// # Errors
    /// As [`Context::apply`]; then nothing was applied.
    pub fn apply_all<'a>(
        &mut self,
        _updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Changes> {
        Ok(Changes::default())
    }

    /// Applies a JSON merge patch (RFC 7396) to the root object. Returns the updates it made, each
    /// at most `limits::UPDATE_BYTES`; none where nothing changed. A string patched onto a text
    /// becomes the smallest edit of that text.
    ///
    /// # Errors
    /// `InvalidValue` (patch is no object), `LimitExceeded` (key, nesting, one value over 1 MB);
    /// then nothing changed.
    pub fn patch(&mut self, _patch: &Value) -> Result<Vec<Vec<u8>>> {
        Ok(Vec::new())
    }

    /// Edits the text at `path`, which is created where there is none; a plain string there becomes
    /// a text with that content.
    ///
    /// # Errors
    /// `LimitExceeded`; `InvalidValue` for offsets beyond the text or inside a surrogate pair.
    pub fn edit_text(&mut self, _path: &Path, _edit: &TextEdit) -> Result<Vec<Vec<u8>>> {
        Ok(Vec::new())
    }

    /// Makes the text at `path` read `content` by the smallest edit.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn set_text(&mut self, _path: &Path, _content: &str) -> Result<Vec<Vec<u8>>> {
        Ok(Vec::new())
    }

    /// The value at a path; texts read as strings.
    pub fn get(&self, _path: &Path) -> Option<Value> {
        None
    }

    /// The whole context as a JSON object.
    pub fn to_json(&self) -> Value {
        Value::Object(serde_json::Map::new())
    }

    /// Everything by path.
    pub fn entries(&self) -> Entries {
        Entries::new()
    }

    /// Makes the context read as `then`, by ordinary edits into the same roots. Returns the updates
    /// and, for its undo, what each changed path read before and after.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn restore(&mut self, _then: &Entries) -> Result<Restoration> {
        Ok(Restoration::default())
    }

    /// Puts back `before` wherever the path still reads `after`, leaves the others alone.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn revert(&mut self, _changes: &[Replaced]) -> Result<Reversion> {
        Ok(Reversion::default())
    }

    /// Undoes this tab's last edit (edits within 500 ms count as one). `now_ms` closes the current
    /// one. The updates to journal, and what changed; `None`: nothing to undo.
    pub fn undo(&mut self) -> Option<(Vec<Vec<u8>>, Changes)> {
        None
    }

    /// Does again what was undone.
    pub fn redo(&mut self) -> Option<(Vec<Vec<u8>>, Changes)> {
        None
    }

    /// Whether [`Context::undo`] has something to undo.
    pub fn can_undo(&self) -> bool {
        false
    }

    /// Whether [`Context::redo`] has something to redo.
    pub fn can_redo(&self) -> bool {
        false
    }

    /// The state vector, Yjs encoding version 1.
    pub fn state_vector(&self) -> Vec<u8> {
        Vec::new()
    }

    /// What this document has beyond `state_vector`, with its whole delete set.
    ///
    /// # Errors
    /// `Malformed` for a state vector that cannot be read.
    pub fn difference(&self, _state_vector: &[u8]) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    /// The whole document as one update.
    pub fn encode(&self) -> Vec<u8> {
        let _ = &self.doc;
        Vec::new()
    }
}

/// One path that a restore changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    /// Where.
    pub path: Path,
    /// What it read before; `None`: nothing was there.
    pub before: Option<Entry>,
    /// What it read after.
    pub after: Option<Entry>,
}

/// A restore, done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restoration {
    /// To append to the log, in order, as one group.
    pub updates: Vec<Vec<u8>>,
    /// For the undo.
    pub replaced: Vec<Replaced>,
}

/// A restore's undo, done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reversion {
    /// To append to the log.
    pub updates: Vec<Vec<u8>>,
    /// Paths left alone because they had changed since.
    pub kept: Vec<Path>,
}
