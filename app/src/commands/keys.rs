//! Keys that work wherever the focus is.

use leptos::ev;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

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
    let keys = keys_of(event);
    // Single keys, undo and redo are the field's own while somebody types (a bound field has prevented the
    // default of its undo already), and what they would change is behind a dialog.
    let is_of_page = !keys.starts_with("Mod+") || keys.ends_with("+Z");
    if is_of_page && (is_typing(event) || is_dialog_open()) {
        return;
    }
    let all = commands.all();
    if let Some(command) = all.iter().find(|command| command.keys == Some(&*keys)) {
        command.run.run(());
        event.prevent_default();
    }
}

/// As [`super::Command::keys`] writes them.
fn keys_of(event: &KeyboardEvent) -> String {
    let key = event.key().to_uppercase();
    match (event.ctrl_key() || event.meta_key(), event.shift_key(), key.as_str()) {
        (true, false, "Y") => "Mod+Shift+Z".into(),
        (true, true, _) => format!("Mod+Shift+{key}"),
        (true, false, _) => format!("Mod+{key}"),
        // Where it is on the keyboard is the keyboard's business.
        (false, _, _) => key,
    }
}

fn is_dialog_open() -> bool {
    document().query_selector("dialog:modal").is_ok_and(|dialog| dialog.is_some())
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
