//! Native popovers that the program opens and closes.

use leptos::prelude::document;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;

/// Opens a popover; nothing happens where it is open or not there.
pub(crate) fn open(id: &str) {
    if let Some(popover) = find(id) {
        // Refused for one that is open.
        let _ = popover.show_popover();
    }
}

/// Closes a popover; nothing happens where it is closed or not there.
pub(crate) fn close(id: &str) {
    if let Some(popover) = find(id) {
        // Refused for one that is not open.
        let _ = popover.hide_popover();
    }
}

fn find(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
