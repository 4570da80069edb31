//! Inputs whose text is not always a value: what is half typed is kept on this device (CTX-11), the last
//! valid value in the context.

use holdfast_domain::context::Path;
use holdfast_session::{SessionOptions, use_session, use_view_state};
use leptos::prelude::*;
use serde_json::Value;

use super::super::reading;
use crate::toasts::Toasts;

type Reader = fn(&str) -> Result<Option<Value>, String>;
type Shower = fn(Option<&Value>) -> String;

/// What such an input shows, and what typing does.
#[derive(Clone)]
struct Drafted {
    shown: Signal<String>,
    problem: Signal<Option<String>>,
    typed: Callback<String>,
    left: Callback<()>,
}

impl Drafted {
    fn new(key: &str, path: Path, read: Reader, shown_as: Shower) -> Self {
        let session = use_session(SessionOptions::default());
        let toasts = Toasts::of_page();
        let (draft, set_draft) = use_view_state(&format!("field/{key}"), None::<String>);
        // Why the context does not take the draft, which is a value: it stays a draft then.
        let (refused, set_refused) = use_view_state(&format!("refused/{key}"), None::<String>);
        let reading = path.clone();
        let value = Memo::new(move |_| session.get(&reading));
        let shown =
            Memo::new(move |_| draft.get().unwrap_or_else(|| shown_as(value.read().as_ref())));
        let problem = Memo::new(move |_| refused.get().or_else(|| read(&draft.get()?).err()));
        let typed = Callback::new(move |text: String| {
            let done = match read(&text) {
                Ok(read) if read == value.get_untracked() => Ok(()),
                Ok(Some(read)) => session.set(&path, read),
                Ok(None) => session.remove(&path),
                Err(_) => Ok(()),
            };
            let why = done.err().map(|error| format!("Not changed. {error}"));
            if refused.get_untracked() != why {
                set_refused.run(why.clone());
                why.into_iter().for_each(|why| toasts.fail(why));
            }
            set_draft.run(Some(text));
        });
        let left = Callback::new(move |()| {
            // A draft that is a value has said all it had to say.
            if draft.get_untracked().is_some() && problem.get_untracked().is_none() {
                set_draft.run(None);
            }
        });
        Self { shown: shown.into(), problem: problem.into(), typed, left }
    }

    fn note(&self, id: &str) -> impl IntoView + use<> {
        let (problem, id) = (self.problem, id.to_owned());
        view! {
            <p class="field-note" data-tone="danger" id=id role="status">
                {move || problem.get()}
            </p>
        }
    }
}

/// The input of a number field.
#[component]
pub(super) fn NumberInput(
    /// Of the element.
    id: String,
    /// Of the field.
    key: String,
    /// Of the value.
    path: Path,
) -> impl IntoView {
    let drafted = Drafted::new(&key, path.clone(), reading::number, reading::line);
    let Drafted { shown, problem, typed, left } = drafted.clone();
    let note = format!("field-note-{key}");
    let described = note.clone();
    view! {
        <input
            class="input number"
            id=id
            inputmode="decimal"
            autocomplete="off"
            data-path=path.to_string()
            data-type="number"
            aria-invalid=move || problem.get().map(|_| "true")
            aria-describedby=move || problem.get().map(|_| described.clone())
            prop:value=move || shown.get()
            on:input=move |event| typed.run(event_target_value(&event))
            on:blur=move |_| left.run(())
        />
        {drafted.note(&note)}
    }
}

/// The input of a JSON field.
#[component]
pub(super) fn JsonInput(
    /// Of the element.
    id: String,
    /// Of the field.
    key: String,
    /// Of the value.
    path: Path,
) -> impl IntoView {
    let drafted = Drafted::new(&key, path.clone(), reading::json, reading::pretty);
    let Drafted { shown, problem, typed, left } = drafted.clone();
    let note = format!("field-note-{key}");
    let described = note.clone();
    view! {
        <textarea
            class="input input-code"
            id=id
            rows="4"
            spellcheck="false"
            data-path=path.to_string()
            data-type="json"
            aria-invalid=move || problem.get().map(|_| "true")
            aria-describedby=move || problem.get().map(|_| described.clone())
            prop:value=move || shown.get()
            on:input=move |event| typed.run(event_target_value(&event))
            on:blur=move |_| left.run(())
        ></textarea>
        {drafted.note(&note)}
    }
}
