//! Looking at the fields before the page is hydrated.

use std::cell::RefCell;

use holdfast_domain::context::Path;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::reading::{Held, value_of};
use crate::browser::document;

/// A field that was changed before the program ran.
#[derive(Clone)]
pub(crate) struct Typed {
    /// Where its value belongs.
    pub(crate) path: Path,
    /// The field.
    pub(crate) element: Element,
    /// What the server rendered.
    pub(crate) rendered: String,
    /// What it holds.
    held: Held,
    kind: String,
}

thread_local! {
    static CAPTURED: RefCell<Vec<Typed>> = const { RefCell::new(Vec::new()) };
}

impl Typed {
    /// The text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.held {
            Held::Text(text) => Some(text),
            Held::Checked(_) => None,
        }
    }

    /// The value, where it is one already.
    pub(crate) fn value(&self) -> Option<Value> {
        value_of(&self.kind, &self.held)
    }
}

pub(super) fn capture() {
    let fields = document().and_then(|document| document.query_selector_all("[data-path]").ok());
    let Some(fields) = fields else { return };
    let elements = (0..fields.length()).filter_map(|at| fields.item(at)?.dyn_into().ok());
    let captured = elements.filter_map(|element: Element| read(&element)).collect();
    CAPTURED.set(captured);
}

/// Everything that was captured, once.
pub(crate) fn take_captured() -> Vec<Typed> {
    CAPTURED.take()
}

fn read(element: &Element) -> Option<Typed> {
    let path = element.get_attribute("data-path")?.parse().ok()?;
    let (rendered, held, kind) = if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        match input.type_().as_str() {
            // Never read, let alone kept.
            "password" | "file" => return None,
            kind @ ("checkbox" | "radio") => {
                if input.checked() == input.default_checked() {
                    return None;
                }
                (String::new(), Held::Checked(input.checked()), kind.to_owned())
            }
            kind => (input.default_value(), Held::Text(input.value()), kind.to_owned()),
        }
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        (area.default_value().unwrap_or_default(), Held::Text(area.value()), "textarea".to_owned())
    } else {
        let select = element.dyn_ref::<HtmlSelectElement>()?;
        (selected_by_server(select), Held::Text(select.value()), "select".to_owned())
    };
    if held == Held::Text(rendered.clone()) {
        return None;
    }
    let kind = element.get_attribute("data-type").unwrap_or(kind);
    Some(Typed { path, element: element.clone(), rendered, held, kind })
}

fn selected_by_server(select: &HtmlSelectElement) -> String {
    let marked = select.query_selector("option[selected]").ok().flatten();
    let option = marked.or_else(|| select.query_selector("option").ok().flatten());
    option
        .and_then(|option| option.get_attribute("value").or_else(|| option.text_content()))
        .unwrap_or_default()
}
