//! Keys that work wherever the focus is.

use leptos::ev;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use super::Commands;

/// `⌘` on Apple systems, `Ctrl` elsewhere and from the server.
pub(crate) fn use_modifier() -> Signal<&'static str> {
    let apple = RwSignal::new(false);
    Effect::new(move |_| {
        let agent = window().navigator().user_agent().unwrap_or_default();
        apple.set(["Macintosh", "iPhone", "iPad"].iter().any(|name| agent.contains(name)));
    });
    Signal::derive(move || if apple.get() { "⌘" } else { "Ctrl" })
}

/// Listens as long as the page is there.
pub(super) fn listen(commands: Commands) {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| press(commands, &event));
        on_cleanup(move || listener.remove());
    });
}

fn press(commands: Commands, event: &KeyboardEvent) {
    if event.default_prevented() || event.is_composing() || event.alt_key() {
        return;
    }
    let held = event.ctrl_key() || event.meta_key();
    let key = event.key().to_lowercase();
    let done = match (held, key.as_str()) {
        (true, "k") => {
            commands.palette.update(|open| *open = !*open);
            true
        }
        (true, "s") => run(commands, "Save now"),
        // In a field that is bound they arrive here with their default prevented.
        (true, "z") if !is_typing(event) => {
            run(commands, if event.shift_key() { "Redo" } else { "Undo" })
        }
        (true, "y") if !is_typing(event) => run(commands, "Redo"),
        (false, "?") if !is_typing(event) => {
            commands.sheet.set(true);
            true
        }
        (false, "/") if !is_typing(event) => focus_search(),
        _ => false,
    };
    if done {
        event.prevent_default();
    }
}

fn run(commands: Commands, name: &str) -> bool {
    let command = commands.all().into_iter().find(|command| command.name == name);
    command.is_some_and(|command| {
        command.run.run(());
        true
    })
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target();
    target.is_some_and(|target| {
        target.has_type::<HtmlTextAreaElement>()
            || target
                .dyn_ref::<HtmlInputElement>()
                .is_some_and(|input| !matches!(input.type_().as_str(), "checkbox" | "radio"))
    })
}

fn focus_search() -> bool {
    let search = document().get_element_by_id("search");
    let search = search.and_then(|search| search.dyn_into::<HtmlElement>().ok());
    // It is not there to be focused while the drawer is closed.
    search.is_some_and(|search| search.offset_parent().is_some() && search.focus().is_ok())
}
