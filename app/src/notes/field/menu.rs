//! What can be done with a field.

use holdfast_domain::context::Path;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use super::super::definition::{Definition, FIELDS};
use super::super::fields::ADD;
use super::super::reading::line;
use super::super::rename::Renaming;
use crate::clipboard::copy;
use crate::focus;
use crate::icon::{Icon, IconName};
use crate::menu::MenuItem;
use crate::toasts::Toasts;

/// The id of the button that opens the menu of a field.
pub(in crate::notes) fn actions_of(key: &str) -> String {
    format!("field-actions-{key}")
}

/// The button and the menu behind it.
#[component]
pub(super) fn FieldMenu(
    /// The field.
    definition: Definition,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (toasts, renaming) = (Toasts::of_page(), Renaming::of_page());
    let id = format!("field-menu-{}", definition.key);
    let menu = id.clone();
    let label = definition.label.clone();
    let field = StoredValue::new(definition);

    let rename = move || renaming.ask(field.get_value());
    let copy_value = move || {
        let path = field.with_value(|field| field.path("value"));
        let value = path.and_then(|path| untrack(|| session.get(&path)));
        copy(&line(value.as_ref()), toasts);
    };
    let remove = move || {
        let field = field.get_value();
        let Ok(path) = Path::from_keys([FIELDS, &field.key]) else { return };
        let before = untrack(|| session.get(&path));
        match session.remove(&path) {
            Ok(()) => {
                // The button that had it goes with the field.
                focus::on(ADD);
                toasts.offer_undo(format!("Removed “{}”", field.label), move || {
                    if let Some(before) = before.clone()
                        && let Err(error) = session.set(&path, before)
                    {
                        toasts.fail(format!("Not undone. {error}"));
                    }
                });
            }
            Err(error) => toasts.fail(format!("The field was not removed. {error}")),
        }
    };
    view! {
        <button
            type="button"
            class="icon-button"
            id=field.with_value(|field| actions_of(&field.key))
            popovertarget=id.clone()
            aria-label=format!("Actions for {label}")
        >
            <Icon name=IconName::More />
        </button>
        <div
            class="popover popover-end menu"
            id=id
            popover
            role="group"
            aria-label=label
        >
            <MenuItem menu=menu.clone() icon=IconName::Pencil act=rename>
                "Rename"
            </MenuItem>
            <MenuItem menu=menu.clone() icon=IconName::Copy act=copy_value>
                "Copy value"
            </MenuItem>
            <hr />
            <MenuItem menu=menu icon=IconName::Trash act=remove danger=true>
                "Remove field"
            </MenuItem>
        </div>
    }
}
