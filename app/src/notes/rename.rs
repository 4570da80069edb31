//! Giving a field another name; its place in the context stays.

use holdfast_session::{SessionOptions, use_session};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use serde_json::Value;

use super::definition::{Definition, is_taken};
use super::field::actions_of;
use crate::dialog::Dialog;
use crate::focus;
use crate::toasts::Toasts;

/// The question of the page.
#[derive(Clone, Copy)]
pub(super) struct Renaming {
    open: RwSignal<bool>,
    field: RwSignal<Option<Definition>>,
}

impl Renaming {
    /// Makes it known to the components below.
    pub(super) fn provide() -> Self {
        let renaming = Self { open: RwSignal::new(false), field: RwSignal::new(None) };
        provide_context(renaming);
        renaming
    }

    pub(super) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Asks for another name of a field.
    pub(super) fn ask(self, field: Definition) {
        self.field.set(Some(field));
        self.open.set(true);
    }
}

/// The dialog; one in the page.
#[component]
pub(super) fn RenameField(
    /// All fields as JSON.
    fields: Memo<Option<Value>>,
) -> impl IntoView {
    let open = Renaming::of_page().open;
    view! {
        <Dialog open=open id="rename-field" labelledby="rename-field-title">
            <Rename fields=fields />
        </Dialog>
    }
}

#[component]
fn Rename(fields: Memo<Option<Value>>) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (toasts, Renaming { open, field }) = (Toasts::of_page(), Renaming::of_page());
    let input = NodeRef::<html::Input>::new();
    let refused = RwSignal::new(false);
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let label = input.get_untracked().map(|input| input.value()).unwrap_or_default();
        let label = label.trim();
        if label.is_empty() {
            return;
        }
        if is_taken(fields.read_untracked().as_ref(), label, Some(&field.key)) {
            refused.set(true);
            return;
        }
        let Some(path) = field.path("label") else { return };
        match session.set(&path, Value::String(label.into())) {
            Ok(()) => {
                open.set(false);
                // The row is made anew, and with it the button that had the focus.
                focus::on(actions_of(&field.key));
            }
            Err(error) => toasts.fail(format!("The field was not renamed. {error}")),
        }
    };
    view! {
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
                        value=move || field.get().map(|field| field.label)
                        on:input=move |_| refused.set(false)
                        aria-invalid=move || refused.get().then_some("true")
                        aria-describedby="rename-field-note"
                    />
                    // A notice of the page would stand behind the dialog.
                    <p
                        class="field-note"
                        id="rename-field-note"
                        data-tone="warning"
                        role="status"
                    >
                        {move || refused.get().then_some("There is a field of this name.")}
                    </p>
                </div>
            </div>
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    "Cancel"
                </button>
                <button type="submit" class="button button-primary">
                    "Rename"
                </button>
            </div>
        </form>
    }
}
