//! The session's name, edited where it stands.

use holdfast_session::{SessionOptions, use_session, use_view_state};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::first::use_first_content;
use crate::toasts::Toasts;

/// Enter or leaving keeps the name, Escape brings the old one back.
#[component]
pub(super) fn SessionName() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    let node = NodeRef::<html::Input>::new();
    let invalid = RwSignal::new(false);

    // A name that is half typed comes back with the session (CTX-11).
    let (draft, set_draft) = use_view_state("name", None::<String>);
    let keep_draft = move |value: Option<String>| {
        if draft.get_untracked() != value {
            set_draft.run(value);
        }
    };

    let first = use_first_content().name;
    // What the server wrote stands until the name is known here.
    Effect::new(move |_| {
        let name = session.name.get();
        let shown = draft.get().unwrap_or_else(|| name.clone());
        let other = |input: &HtmlInputElement| !name.is_empty() && input.value() != shown;
        if let Some(input) = node.get().filter(|input| other(input)) {
            input.set_value(&shown);
        }
    });

    let keep = move |_| {
        let Some(input) = node.get_untracked() else { return };
        let name = session.name.get_untracked();
        let renamed = match input.value().trim() == name {
            true => Ok(()),
            false => session.rename(&input.value()),
        };
        invalid.set(renamed.is_err());
        match renamed {
            Ok(()) => keep_draft(None),
            Err(error) => toasts.fail(format!("Not renamed. {error}")),
        }
    };
    let key = move |event: KeyboardEvent| {
        let Some(input) = node.get_untracked() else { return };
        match event.key().as_str() {
            "Enter" if !event.is_composing() => {
                let _ = input.blur();
            }
            "Escape" => {
                keep_draft(None);
                input.set_value(&session.name.get_untracked());
                let _ = input.blur();
            }
            _ => {}
        }
    };
    let heading = if first.is_empty() { "Holdfast".to_owned() } else { first.clone() };
    let shown = move || match session.name.get() {
        name if name.is_empty() => heading.clone(),
        name => name,
    };
    view! {
        <h1 class="visually-hidden">{shown}</h1>
        <input
            class="session-name"
            aria-label="Session name"
            node_ref=node
            value=first.clone()
            aria-invalid=move || invalid.get().then_some("true")
            maxlength="255"
            autocomplete="off"
            spellcheck="false"
            disabled=move || session.id.get().is_none()
            on:input:target=move |event| keep_draft(Some(event.target().value()))
            on:blur=keep
            on:keydown=key
        />
    }
    .into_any()
}
