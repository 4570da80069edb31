//! One field: its name, its actions, its input.

#![allow(clippy::needless_pass_by_value, reason = "a component owns its properties")]

mod checkbox;
mod choice;
mod date;
mod drafted;
mod menu;
mod text;

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use self::checkbox::CheckboxInput;
use self::choice::ChoiceInput;
use self::date::DateInput;
use self::drafted::{JsonInput, NumberInput};
use self::menu::FieldMenu;
pub(super) use self::menu::actions_of;
use self::text::TextInput;
use super::definition::{Definition, Kind};
use super::peers::peer_at;

/// A field of whatever kind.
#[component]
pub(super) fn Field(
    /// What it is.
    definition: Definition,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let Some(path) = definition.path("value") else { return ().into_any() };
    let id = format!("field-{}", definition.key);
    let label = definition.label.clone();
    let heading = match definition.kind {
        // Its own label says Yes; this one names the whole.
        Kind::Checkbox => view! { <span class="field-label">{label.clone()}</span> }.into_any(),
        _ => view! { <label for=id.clone()>{label.clone()}</label> }.into_any(),
    };
    let input = match definition.kind {
        Kind::Text => view! { <TextInput id=id path=path.clone() /> }.into_any(),
        Kind::Number => {
            view! { <NumberInput id=id key=definition.key.clone() path=path.clone() /> }.into_any()
        }
        Kind::Json => {
            view! { <JsonInput id=id key=definition.key.clone() path=path.clone() /> }.into_any()
        }
        Kind::Date => view! { <DateInput id=id path=path.clone() /> }.into_any(),
        Kind::Choice => {
            let choices = definition.choices.clone();
            view! { <ChoiceInput id=id path=path.clone() choices=choices /> }.into_any()
        }
        Kind::Checkbox => {
            view! { <CheckboxInput id=id path=path.clone() label=label.clone() /> }.into_any()
        }
    };
    let kind = definition.kind.word();
    let editing = path.clone();
    let peer = peer_at(path);
    view! {
        <div
            class="field"
            data-kind=kind
            data-peer=move || peer.get().map(|(number, _)| number.to_string())
            on:focusin=move |_| session.set_editing(Some(&editing))
            on:focusout=move |_| session.set_editing(None)
        >
            <div class="field-head">{heading} <FieldMenu definition=definition /></div>
            {input}
            {move || {
                peer.get()
                    .map(|(_, name)| view! { <span class="peer-name">{name}</span> })
            }}
        </div>
    }
    .into_any()
}
