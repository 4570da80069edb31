//! The names and markers of the document's schema.

use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

use yrs::Any;

use super::Path;
use crate::scan::TEXT_PREFIX;

const MARKER_KEY: &str = "type";
const MARKER_VALUE: &str = "text";

/// The root name of the text at a path.
pub(super) fn text_name(path: &Path) -> String {
    format!("{TEXT_PREFIX}{path}")
}

/// The path of the text with this root name.
pub(super) fn text_path(name: &str) -> Option<Path> {
    name.strip_prefix(TEXT_PREFIX)?.parse().ok()
}

/// What the map holds where a text is.
pub(super) fn text_marker() -> Any {
    let fields = [(MARKER_KEY.to_owned(), Any::from(MARKER_VALUE))];
    Any::Map(Arc::new(HashMap::from(fields)))
}

pub(super) fn is_text_marker(value: &Any) -> bool {
    let Any::Map(fields) = value else { return false };
    fields.len() == 1
        && matches!(fields.get(MARKER_KEY), Some(Any::String(kind)) if &**kind == MARKER_VALUE)
}

/// What the map holds where an object is.
pub(super) fn object_marker() -> Any {
    Any::Map(Arc::new(HashMap::new()))
}

pub(super) fn is_object_marker(value: &Any) -> bool {
    matches!(value, Any::Map(fields) if fields.is_empty())
}

/// The bounds of the paths below `parent`; `None` is the root, below which everything is.
pub(super) struct Below {
    start: String,
    end: String,
}

impl Below {
    pub(super) fn new(parent: Option<&Path>) -> Self {
        let parent = parent.map_or("", Path::as_str);
        // '0' comes right after '/'.
        Self { start: format!("{parent}/"), end: format!("{parent}0") }
    }

    pub(super) fn bounds(&self) -> (Bound<&str>, Bound<&str>) {
        (Bound::Included(&self.start), Bound::Excluded(&self.end))
    }
}
