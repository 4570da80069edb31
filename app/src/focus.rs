//! Moving the focus where what had it goes away.

use leptos::prelude::{document, request_animation_frame};
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;

/// Gives it to the element with this id, as soon as that stands in the page.
pub(crate) fn on(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || now(&id));
}

/// Gives it to the element with this id; nothing happens where that is not there.
pub(crate) fn now(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Refused only for what cannot have it.
        let _ = element.focus();
    }
}
