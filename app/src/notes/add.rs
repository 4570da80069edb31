//! The form behind "Add field".

use holdfast_session::{SessionOptions, use_session, use_view_state};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::definition::{Kind, added, free_key, is_taken};
use crate::panels::Panels;
use crate::toasts::Toasts;
use crate::{focus, popover};

const ID: &str = "add-field";

/// What the form holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Draft {
    name: String,
    kind: Kind,
    choices: String,
}

/// A popover with the form; one in the page.
#[component]
pub(super) fn AddField(
    /// All fields as JSON.
    fields: Memo<Option<Value>>,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    // A form that is half filled in comes back with the session (CTX-11).
    let (draft, set_draft) = use_view_state("add-field", Draft::default());
    let change = move |change: &dyn Fn(&mut Draft)| {
        let mut draft = draft.get_untracked();
        change(&mut draft);
        set_draft.run(draft);
    };
    let taken = Memo::new(move |_| {
        let draft = draft.read();
        let name = draft.name.trim();
        !name.is_empty() && is_taken(fields.read().as_ref(), name, None)
    });
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let Draft { name, kind, choices } = draft.get_untracked();
        let label = name.trim().to_owned();
        if label.is_empty() || taken.get_untracked() {
            return;
        }
        let offered: Vec<String> = choices
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(Into::into)
            .collect();
        let fields = fields.get_untracked();
        let key = free_key(fields.as_ref(), &label);
        let patch = added(fields.as_ref(), &key, &label, kind, &offered);
        match session.update_context(&patch) {
            Ok(()) => {
                popover::close(ID);
                set_draft.run(Draft::default());
                focus::on(format!("field-{key}"));
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
                    prop:checked=move || draft.read().kind == offered
                    on:change=move |_| change(&|draft| draft.kind = offered)
                />
                {offered.name()}
            </label>
        }
    });
    view! {
        <div
            class="popover form-popover"
            id=ID
            popover
            role="group"
            aria-labelledby="add-field-title"
            on:toggle=Panels::toggled()
        >
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
                        prop:value=move || draft.read().name.clone()
                        on:input:target=move |event| {
                            let typed = event.target().value();
                            change(&|draft| draft.name.clone_from(&typed));
                        }
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
                        autocomplete="off"
                        prop:value=move || draft.read().choices.clone()
                        on:input:target=move |event| {
                            let typed = event.target().value();
                            change(&|draft| draft.choices.clone_from(&typed));
                        }
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
}

/// Opens the form as soon as the notes are in the page.
pub(crate) fn open() {
    request_animation_frame(|| popover::open(ID));
}
