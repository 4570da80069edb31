//! Native popovers, closed by the program after a choice.

use leptos::prelude::document;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;

/// Closes a popover; nothing happens where it is closed or not there.
pub(crate) fn close(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(popover) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Refused for one that is not open.
        let _ = popover.hide_popover();
    }
}
