//! The session's name, edited where it stands.

use holdfast_domain::id::SessionId;
use holdfast_domain::session::check_name;
use holdfast_session::{SessionOptions, UseSession, use_session, use_view_state};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlInputElement;
use web_sys::wasm_bindgen::JsCast;

use crate::first::use_first_content;
use crate::toasts::Toasts;

/// Asks for another name of a session of the list.
#[derive(Clone, Copy)]
pub(crate) struct Naming {
    session: UseSession,
    /// What was asked for and is not open yet: the server may have to be asked for it first.
    asked: StoredValue<Option<SessionId>>,
}

impl Naming {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let naming =
            Self { session: use_session(SessionOptions::default()), asked: StoredValue::new(None) };
        provide_context(naming);
        naming
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Opens a session; its name is selected as soon as it stands in the top line.
    pub(crate) fn ask(self, which: SessionId) {
        if self.session.id.get_untracked() == Some(which) {
            select_name();
            return;
        }
        self.asked.set_value(Some(which));
        self.session.switch(which);
    }

    /// Another session opened. Was it not the one that was asked for, nothing is asked any more.
    fn opened(self, which: Option<SessionId>) {
        let asked = self.asked.try_update_value(Option::take).flatten();
        if asked.is_some() && asked == which {
            select_name();
        }
    }
}

/// Selects what the top line shows as the name, in the next frame.
fn select_name() {
    request_animation_frame(|| {
        let name = document().query_selector(".session-name").ok().flatten();
        if let Some(name) = name.and_then(|name| name.dyn_into::<HtmlInputElement>().ok()) {
            // Refused for what is not shown.
            let _ = name.focus();
            name.select();
        }
    });
}

/// Enter or leaving keeps the name, Escape brings the old one back.
#[component]
pub(super) fn SessionName() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    let node = NodeRef::<html::Input>::new();

    // A name that is half typed comes back with the session (CTX-11).
    let (draft, set_draft) = use_view_state("name", None::<String>);
    let invalid =
        Memo::new(move |_| draft.read().as_deref().is_some_and(|name| check_name(name).is_err()));
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
    let naming = Naming::of_page();
    Effect::new(move |before: Option<Option<SessionId>>| {
        let id = session.id.get();
        if before.is_some_and(|before| before != id) {
            naming.opened(id);
        }
        id
    });

    let keep = move |_| {
        let Some(input) = node.get_untracked() else { return };
        let name = session.name.get_untracked();
        let renamed = match input.value().trim() == name {
            true => Ok(()),
            false => session.rename(&input.value()),
        };
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
}
