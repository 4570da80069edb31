//! Giving a field another name; its place in the context stays.

use holdfast_session::{SessionOptions, use_session};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use serde_json::Value;

use super::definition::Definition;
use super::field::actions_of;
use crate::dialog::Dialog;
use crate::focus;
use crate::toasts::Toasts;

/// The dialog; one in the page.
#[component]
pub(super) fn RenameField(
    /// Which field is renamed; `None`: the dialog is closed.
    renamed: RwSignal<Option<Definition>>,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    let open = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| open.set(renamed.read().is_some()));
    Effect::new(move |_| {
        if !open.get() && renamed.read_untracked().is_some() {
            renamed.set(None);
        }
    });
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = renamed.get_untracked() else { return };
        let label = input.get_untracked().map(|input| input.value()).unwrap_or_default();
        let label = label.trim();
        if label.is_empty() {
            return;
        }
        let Some(path) = field.path("label") else { return };
        match session.set(&path, Value::String(label.into())) {
            Ok(()) => {
                renamed.set(None);
                // The row is made anew, and with it the button that had the focus.
                focus::on(actions_of(&field.key));
            }
            Err(error) => toasts.fail(format!("The field was not renamed. {error}")),
        }
    };
    view! {
        <Dialog open=open id="rename-field" labelledby="rename-field-title">
            <form on:submit=rename>
                <div class="dialog-head">
                    <h2 class="dialog-title" id="rename-field-title">
                        "Rename the field"
                    </h2>
                </div>
                <div class="dialog-body">
                    <div class="form-row">
                        <label for="rename-field-name">"Name"</label>
                        <input
                            class="input"
                            id="rename-field-name"
                            node_ref=input
                            required
                            autofocus
                            maxlength="120"
                            autocomplete="off"
                            value=move || renamed.get().map(|field| field.label)
                        />
                    </div>
                </div>
                <div class="dialog-foot">
                    <button type="button" class="button" on:click=move |_| renamed.set(None)>
                        "Cancel"
                    </button>
                    <button type="submit" class="button button-primary">
                        "Rename"
                    </button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
