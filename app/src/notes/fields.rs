//! The fields of a session, in their order.

use holdfast_domain::context::Path;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use serde_json::Value;

use super::add::AddField;
use super::definition::{Definition, FIELDS};
use super::field::Field;
use super::rename::{RenameField, Renaming};
use crate::icon::{Icon, IconName};

/// The button that adds one.
pub(super) const ADD: &str = "add-field-button";

/// All fields as JSON, as a signal.
pub(super) fn use_fields() -> Memo<Option<Value>> {
    let session = use_session(SessionOptions::default());
    let path = Path::from_keys([FIELDS]).ok();
    Memo::new(move |_| session.get(path.as_ref()?))
}

/// The fields and the way to add one.
#[component]
pub(super) fn Fields() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let fields = use_fields();
    let definitions = Memo::new(move |_| Definition::all(fields.read().as_ref()));
    Renaming::provide();
    view! {
        <section aria-label="Fields">
            <fieldset class="fields" disabled=move || session.state.get().is_read_only()>
            <For each=move || definitions.get() key=Clone::clone let:definition>
                <Field definition=definition />
            </For>
            <button
                type="button"
                class="button add-field needs-app"
                id=ADD
                popovertarget="add-field"
            >
                <Icon name=IconName::Plus />
                "Add field"
            </button>
        </fieldset>
        </section>
        <AddField fields=fields />
        <RenameField fields=fields />
    }
}
