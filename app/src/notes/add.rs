//! The form behind "Add field".

use holdfast_session::{SessionOptions, use_session};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use serde_json::Value;

use super::definition::{Kind, added, is_taken, key_of};
use crate::popover;
use crate::toasts::Toasts;

const ID: &str = "add-field";

/// A popover with the form; one in the page.
#[component]
pub(super) fn AddField(
    /// All fields as JSON.
    fields: Memo<Option<Value>>,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    let name = RwSignal::new(String::new());
    let kind = RwSignal::new(Kind::Text);
    let choices = NodeRef::<html::Textarea>::new();
    let taken = Memo::new(move |_| {
        let name = name.read();
        !name.trim().is_empty() && is_taken(fields.read().as_ref(), name.trim())
    });
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let label = name.get_untracked().trim().to_owned();
        if label.is_empty() || taken.get_untracked() {
            return;
        }
        let typed = choices.get_untracked().map(|area| area.value()).unwrap_or_default();
        let offered: Vec<String> =
            typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(Into::into).collect();
        let patch = added(fields.get_untracked().as_ref(), &label, kind.get_untracked(), &offered);
        match session.update_context(&patch) {
            Ok(()) => {
                popover::close(ID);
                name.set(String::new());
                kind.set(Kind::Text);
                if let Some(area) = choices.get_untracked() {
                    area.set_value("");
                }
                focus_field(key_of(&label));
            }
            Err(error) => toasts.fail(format!("The field was not added. {error}")),
        }
    };
    let kinds = Kind::ALL.map(|offered| {
        view! {
            <label class="kind">
                <input
                    type="radio"
                    name="kind"
                    value=offered.word()
                    prop:checked=move || kind.get() == offered
                    on:change=move |_| kind.set(offered)
                />
                {offered.name()}
            </label>
        }
    });
    view! {
        <div class="popover form-popover" id=ID popover role="group" aria-labelledby="add-field-title">
            <form class="form" on:submit=add>
                <h2 id="add-field-title">"Add a field"</h2>
                <div class="form-row">
                    <label for="add-field-name">"Name"</label>
                    <input
                        class="input"
                        id="add-field-name"
                        name="name"
                        required
                        autofocus
                        autocomplete="off"
                        maxlength="120"
                        bind:value=name
                        aria-invalid=move || taken.get().then_some("true")
                        aria-describedby="add-field-note"
                    />
                    <p class="field-note" id="add-field-note" data-tone="warning" role="status">
                        {move || taken.get().then_some("There is a field of this name.")}
                    </p>
                </div>
                <fieldset class="form-row">
                    <legend>"Kind"</legend>
                    <div class="kinds">{kinds}</div>
                </fieldset>
                <div class="form-row form-choices">
                    <label for="add-field-choices">"Choices, one per line"</label>
                    <textarea
                        class="input"
                        id="add-field-choices"
                        name="choices"
                        rows="3"
                        node_ref=choices
                    ></textarea>
                </div>
                <div class="form-actions">
                    <button
                        type="button"
                        class="button"
                        popovertarget=ID
                        popovertargetaction="hide"
                    >
                        "Cancel"
                    </button>
                    <button type="submit" class="button button-primary">
                        "Add field"
                    </button>
                </div>
            </form>
        </div>
    }
    .into_any()
}

/// Opens the form as soon as the notes are in the page.
pub(crate) fn open() {
    request_animation_frame(|| popover::open(ID));
}

/// Puts the caret into the new field as soon as it stands in the page.
fn focus_field(key: String) {
    request_animation_frame(move || {
        let field = document().get_element_by_id(&format!("field-{key}"));
        if let Some(field) = field {
            use web_sys::wasm_bindgen::JsCast;
            // Refused for what cannot have the focus.
            let _ = field.dyn_ref::<web_sys::HtmlElement>().map(web_sys::HtmlElement::focus);
        }
    });
}
