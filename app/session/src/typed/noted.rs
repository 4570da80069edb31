//! A note of the script of early typing, as it is stored: it may be of another build, or no note at all.

use holdfast_domain::context::Path;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reading::{Held, value_of};

/// The one that this build reads.
pub(super) const FORMAT: u64 = 1;

/// A field that was changed.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    /// Where its value belongs.
    pub(crate) path: Path,
    /// What it held before, where it is a text.
    pub(crate) rendered: String,
    held: Held,
    kind: String,
}

/// As the script writes it.
#[derive(Deserialize)]
struct Note {
    path: String,
    rendered: String,
    held: Held,
    kind: String,
}

impl Typed {
    /// `None` where it is no note, or its path is none.
    pub(crate) fn read(note: &Value) -> Option<Self> {
        let Note { path, rendered, held, kind } = Note::deserialize(note).ok()?;
        Some(Self { path: path.parse().ok()?, rendered, held, kind })
    }

    /// The text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.held {
            Held::Text(text) => Some(text),
            Held::Checked(_) => None,
        }
    }

    /// Whether it is a field for long texts.
    pub(crate) fn is_area(&self) -> bool {
        self.kind == "textarea"
    }

    /// The value, where it is one already.
    pub(crate) fn value(&self) -> Option<Value> {
        value_of(&self.kind, &self.held)
    }
}

/// What a page put aside.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Aside {
    format: u64,
    /// The page said that it is gone.
    pub(crate) left: bool,
    /// Notes, as they are.
    pub(crate) typed: Vec<Value>,
}

impl Aside {
    /// The same page's, with only these of its notes.
    pub(crate) fn with(&self, typed: Vec<Value>) -> Self {
        Self { typed, ..*self }
    }

    /// Whether this build may read it, and take it away.
    pub(crate) fn is_ours(&self) -> bool {
        self.format == FORMAT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn note(path: &str) -> Value {
        json!({"path": path, "kind": "number", "rendered": "", "held": {"text": "3"}})
    }

    #[test]
    fn ctx_8_a_note_is_read_by_itself_and_only_with_a_path() {
        let typed = Typed::read(&note("/people")).unwrap();
        assert_eq!((typed.path.as_str(), typed.value()), ("/people", Some(json!(3))));
        // Without its slash it would be no place in a context.
        for bad in [note("people"), note(""), json!({}), json!(42), json!({"path": "/a"})] {
            assert!(Typed::read(&bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn ctx_8_what_another_build_put_aside_is_left_to_it() {
        let aside = |format: u64| json!({"format": format, "left": true, "typed": [1]});
        let read = |value| serde_json::from_value::<Aside>(value).unwrap();
        assert!(read(aside(FORMAT)).is_ours());
        assert!(!read(aside(FORMAT + 1)).is_ours());
    }
}
