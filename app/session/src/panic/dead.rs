//! The page after the program's end. Plain DOM calls only: the program's own state may be half-changed, and a
//! call into it may panic again.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicBool, Ordering};

use js_sys::{Reflect, WebAssembly};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, HtmlSelectElement, NodeList};

use crate::browser::{Listener, document, window};

static DEAD: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Made beforehand, so that nothing has to be made after the panic.
    static LAST_WORDS: OnceCell<LastWords> = const { OnceCell::new() };
}

/// Everything that says whether the work is saved.
const TELLERS: &str = "[data-save-status]";
/// Their text can still be selected and copied; nothing can be changed any more.
const TEXTS: &str = "input, textarea";
const CONTROLS: &str = "button, select, input[type=\"checkbox\"], input[type=\"radio\"], \
    input[type=\"range\"], input[type=\"color\"], input[type=\"file\"]";
const TITLE: &str = "Not saved: this page stopped.";
const WORDS: &str = " Something broke in it. What was marked as on this device or saved is safe; the last \
    keystrokes may not be, and can still be selected and copied here. Reload to go on.";

/// Whether the program panicked or was ended otherwise.
pub(crate) fn is_dead() -> bool {
    DEAD.load(Ordering::Relaxed)
}

pub(super) fn install() {
    LAST_WORDS.with(|last| {
        if let Some(words) = document().and_then(|document| LastWords::new(&document)) {
            last.set(words).ok();
        }
    });
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
        die();
    }));
}

fn die() {
    if DEAD.swap(true, Ordering::Relaxed) {
        return;
    }
    if let Some(document) = document() {
        LAST_WORDS.with(|words| show(&document, words.get()));
    }
}

/// The alert, and what listens as long as the page is there.
struct LastWords {
    alert: HtmlElement,
    _heard: [Listener; 3],
}

impl LastWords {
    fn new(document: &Document) -> Option<Self> {
        let make = |tag| document.create_element(tag).ok();
        let (alert, words, title, reload) =
            (make("div")?, make("p")?, make("strong")?, make("button")?);
        title.set_text_content(Some(TITLE));
        words.set_text_content(Some(WORDS));
        words.prepend_with_node_1(&title).ok()?;
        reload.set_text_content(Some("Reload"));
        reload.set_attribute("type", "button").ok()?;
        reload.set_attribute("class", "button button-danger").ok()?;
        alert.set_attribute("role", "alert").ok()?;
        alert.set_attribute("class", "dead").ok()?;
        alert.set_attribute("data-testid", "dead").ok()?;
        alert.set_attribute("tabindex", "-1").ok()?;
        alert.append_with_node_2(&words, &reload).ok()?;
        let window = window()?;
        let load_again = |_: Event| {
            if let Some(window) = crate::browser::window() {
                window.location().reload().ok();
            }
        };
        Some(Self {
            alert: alert.dyn_into().ok()?,
            _heard: [
                Listener::new(&reload, "click", load_again),
                Listener::new(&window, "error", |event| look(&event, "error")),
                Listener::new(&window, "unhandledrejection", |event| look(&event, "reason")),
            ],
        })
    }
}

/// A program that ends without a panic, as one that finds no memory, is as dead.
fn look(event: &Event, key: &str) {
    let thrown = Reflect::get(event, &key.into());
    if thrown.is_ok_and(|thrown| thrown.has_type::<WebAssembly::RuntimeError>()) {
        die();
    }
}

/// Each step by itself: one that fails must not keep the others from being taken.
///
/// What is seen from here on is a copy of the page. The program is not over: what it had begun to show may
/// still come, and every listener is there. All of that happens to the old page, which nobody sees.
fn show(document: &Document, words: Option<&LastWords>) {
    let Some(body) = document.body() else { return };
    let copy = body.clone_node_with_deep(true).ok();
    let copy = copy.and_then(|copy| copy.dyn_into::<HtmlElement>().ok());
    let seen = copy.as_ref().unwrap_or(&body);
    if let Some(copy) = &copy {
        body.after_with_node_1(copy).ok();
        carry_over(&body, copy);
        body.remove();
    }
    say_not_saved(seen);
    stop_input(seen);
    seen.set_attribute("data-dead", "").ok();
    if let Some(words) = words {
        seen.prepend_with_node_1(&words.alert).ok();
        // Not its button: who is typing would press it with the next space.
        words.alert.focus().ok();
    }
}

fn say_not_saved(page: &Element) {
    each(page, TELLERS, |teller| {
        teller.set_attribute("data-state", "not-saved").ok();
        teller.set_attribute("data-code", "panicked").ok();
        teller.set_text_content(Some("Not saved"));
    });
}

fn stop_input(page: &Element) {
    each(page, TEXTS, |field| {
        field.set_attribute("readonly", "").ok();
    });
    each(page, CONTROLS, |control| {
        control.set_attribute("disabled", "").ok();
    });
    each(page, "[contenteditable]", |field| {
        field.set_attribute("contenteditable", "false").ok();
    });
    // Enter would send it to the server, now that nobody listens.
    each(page, "form", |form| {
        form.set_attribute("method", "dialog").ok();
    });
    // One that was modal is not any more, and would lie about in the page.
    each(page, "dialog[open]", |dialog| {
        dialog.remove_attribute("open").ok();
    });
    // The router would change the address and nothing else; this one loads the page it names.
    each(page, "a[href]", |link| {
        link.set_attribute("rel", "external").ok();
    });
}

/// What a copy leaves behind: where things were scrolled to, and what was chosen.
fn carry_over(from: &Element, to: &Element) {
    let all = |page: &Element| page.query_selector_all("*");
    let (Ok(from), Ok(to)) = (all(from), all(to)) else { return };
    for at in 0..from.length().min(to.length()) {
        let element =
            |list: &NodeList| list.item(at).and_then(|node| node.dyn_into::<Element>().ok());
        let (Some(from), Some(to)) = (element(&from), element(&to)) else { continue };
        if from.scroll_top() != 0 {
            to.set_scroll_top(from.scroll_top());
        }
        let choices = (from.dyn_ref::<HtmlSelectElement>(), to.dyn_ref::<HtmlSelectElement>());
        if let (Some(from), Some(to)) = choices {
            to.set_selected_index(from.selected_index());
        }
    }
}

fn each(page: &Element, selector: &str, act: impl Fn(&Element)) {
    let Ok(found) = page.query_selector_all(selector) else { return };
    for at in 0..found.length() {
        if let Some(element) = found.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(&element);
        }
    }
}
