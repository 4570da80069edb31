//! `<textarea>` and `<input>`, which share everything but their type.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

use crate::browser::document;

/// A text field of the DOM.
pub(crate) enum Field {
    /// A `<textarea>`.
    Area(HtmlTextAreaElement),
    /// An `<input>` of a textual type.
    Input(HtmlInputElement),
}

impl Field {
    pub(super) fn element(&self) -> &Element {
        match self {
            Self::Area(area) => area.unchecked_ref(),
            Self::Input(input) => input.unchecked_ref(),
        }
    }

    pub(super) fn is_password(&self) -> bool {
        matches!(self, Self::Input(input) if input.type_() == "password")
    }

    pub(super) fn value(&self) -> String {
        match self {
            Self::Area(area) => area.value(),
            Self::Input(input) => input.value(),
        }
    }

    /// What the server rendered.
    pub(super) fn default_value(&self) -> String {
        match self {
            Self::Area(area) => area.default_value().unwrap_or_default(),
            Self::Input(input) => input.default_value(),
        }
    }

    pub(super) fn set_value(&self, value: &str) {
        match self {
            Self::Area(area) => area.set_value(value),
            Self::Input(input) => input.set_value(value),
        }
    }

    /// Where the selection ends; some input types have none.
    pub(super) fn caret(&self) -> Option<u32> {
        self.selection().map(|(_, end, _)| end)
    }

    /// Writes the value and leaves the selection on the same characters.
    pub(super) fn replace_value(&self, value: &str, carried: impl Fn(u32) -> u32) {
        // Elsewhere some browsers move the focus here with the selection.
        let selection = self.has_focus().then(|| self.selection()).flatten();
        self.set_value(value);
        if let Some((start, end, direction)) = selection {
            let (start, end) = (carried(start), carried(end));
            match self {
                Self::Area(area) => {
                    area.set_selection_range_with_direction(start, end, &direction).ok();
                }
                Self::Input(input) => {
                    input.set_selection_range_with_direction(start, end, &direction).ok();
                }
            }
        }
    }

    fn has_focus(&self) -> bool {
        let focused = document().and_then(|document| document.active_element());
        focused.is_some_and(|focused| focused == *self.element())
    }

    fn selection(&self) -> Option<(u32, u32, String)> {
        let (start, end, direction) = match self {
            Self::Area(area) => {
                (area.selection_start(), area.selection_end(), area.selection_direction())
            }
            Self::Input(input) => {
                (input.selection_start(), input.selection_end(), input.selection_direction())
            }
        };
        let direction = direction.ok().flatten().unwrap_or_else(|| "none".into());
        Some((start.ok()??, end.ok()??, direction))
    }
}
