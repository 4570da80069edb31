//! Where somebody was typing before a dialog opened.
//!
//! A browser gives the focus back when a dialog is closed, but Chromium not the caret: where what was in the dialog is
//! taken out of the page, the field has the focus and takes no key.

use leptos::prelude::document;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

/// A field and what is selected in it.
#[derive(Clone)]
pub(super) enum Caret {
    Area(HtmlTextAreaElement, u32, u32),
    Input(HtmlInputElement, Option<(u32, u32)>),
}

impl Caret {
    /// That of the field with the focus.
    pub(super) fn here() -> Option<Self> {
        let focused = document().active_element()?;
        match focused.dyn_into::<HtmlTextAreaElement>() {
            Ok(area) => {
                let (start, end) = (area.selection_start().ok()??, area.selection_end().ok()??);
                Some(Self::Area(area, start, end))
            }
            Err(other) => {
                let input = other.dyn_into::<HtmlInputElement>().ok()?;
                // Some kinds of fields say nothing of it.
                let start = input.selection_start().ok().flatten();
                let selected = start.zip(input.selection_end().ok().flatten());
                Some(Self::Input(input, selected))
            }
        }
    }

    /// Puts it back, where the field has the focus again.
    pub(super) fn put_back(&self) {
        let focused = document().active_element();
        let is_back = |field: &web_sys::Element| focused.as_ref() == Some(field);
        match self {
            Self::Area(area, start, end) if is_back(area) => {
                // Refused for a field that is not shown, which has no focus.
                let _ = area.set_selection_range(*start, *end);
            }
            Self::Input(input, Some((start, end))) if is_back(input) => {
                let _ = input.set_selection_range(*start, *end);
            }
            Self::Input(input, None) if is_back(input) => input.select(),
            _ => {}
        }
    }
}
