//! The page after a panic. Plain DOM calls only: the program's own state may be half-changed, and a
//! call into it may panic again.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element};

static DEAD: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Made beforehand, so that nothing has to be made after the panic.
    static RELOAD: RefCell<Option<Closure<dyn FnMut()>>> = const { RefCell::new(None) };
}

const FIELDS: &str = "input, textarea, select, button, [contenteditable]";
const INDICATOR: &str = "[data-testid=\"save-indicator\"]";
const WORDS: &str = "Something broke in this page and it stopped. What was marked as on this device or saved is safe; the last keystrokes may not be. Reload to go on.";

/// Whether the program panicked.
pub(crate) fn is_dead() -> bool {
    DEAD.load(Ordering::Relaxed)
}

pub(super) fn install() {
    RELOAD.with_borrow_mut(|reload| {
        *reload = Some(Closure::new(|| {
            if let Some(window) = web_sys::window() {
                window.location().reload().ok();
            }
        }));
    });
    std::panic::set_hook(Box::new(|info| {
        let first = !DEAD.swap(true, Ordering::Relaxed);
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
        if first {
            let document = web_sys::window().and_then(|window| window.document());
            if let Some(document) = document {
                show(&document);
            }
        }
    }));
}

/// Each step by itself: one that fails must not keep the others from being taken.
fn show(document: &Document) {
    if let Ok(indicators) = document.query_selector_all(INDICATOR) {
        for at in 0..indicators.length() {
            if let Some(indicator) =
                indicators.item(at).and_then(|node| node.dyn_into::<Element>().ok())
            {
                indicator.set_attribute("data-state", "not_saved").ok();
                indicator.set_text_content(Some("Not saved"));
            }
        }
    }
    if let Ok(fields) = document.query_selector_all(FIELDS) {
        for at in 0..fields.length() {
            if let Some(field) = fields.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
                // A text can still be selected and copied; nothing can be changed any more.
                let texts = matches!(field.tag_name().as_str(), "TEXTAREA" | "INPUT");
                field.set_attribute(if texts { "readonly" } else { "disabled" }, "").ok();
                let kind = field.get_attribute("type").unwrap_or_default();
                if matches!(kind.as_str(), "checkbox" | "radio" | "range" | "color" | "file") {
                    field.set_attribute("disabled", "").ok();
                }
                if field.has_attribute("contenteditable") {
                    field.set_attribute("contenteditable", "false").ok();
                }
            }
        }
    }
    let Some(body) = document.body() else { return };
    body.set_attribute("data-dead", "").ok();
    let (Ok(alert), Ok(words), Ok(button)) = (
        document.create_element("div"),
        document.create_element("p"),
        document.create_element("button"),
    ) else {
        return;
    };
    alert.set_attribute("role", "alert").ok();
    alert.set_attribute("class", "dead").ok();
    alert.set_attribute("data-testid", "dead").ok();
    words.set_text_content(Some(WORDS));
    button.set_attribute("type", "button").ok();
    button.set_text_content(Some("Reload"));
    RELOAD.with(|reload| {
        let reload = reload.try_borrow();
        if let Some(reload) = reload.as_ref().ok().and_then(|reload| reload.as_ref()) {
            let reload = reload.as_ref().unchecked_ref();
            button.add_event_listener_with_callback("click", reload).ok();
        }
    });
    alert.append_child(&words).ok();
    alert.append_child(&button).ok();
    body.prepend_with_node_1(&alert).ok();
}
