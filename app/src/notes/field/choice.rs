//! One of several words.

use holdfast_domain::context::Path;
use holdfast_session::use_session_value;
use leptos::prelude::*;

use crate::icon::{Icon, IconName};

/// The input of a choice field.
#[component]
pub(super) fn ChoiceInput(
    /// Of the element.
    id: String,
    /// Of the value.
    path: Path,
    /// What is offered.
    choices: Vec<String>,
) -> impl IntoView {
    let (chosen, write) = use_session_value(path.as_str(), None::<String>);
    // What stands there may have been written by somebody who was offered more.
    let offered = Memo::new(move |_| {
        let mut offered = vec![String::new()];
        offered.extend(choices.iter().cloned());
        offered.extend(chosen.get().filter(|chosen| !offered.contains(chosen)));
        offered
    });
    let option = move |choice: String| {
        let (value, words) = (choice.clone(), choice.clone());
        let words = if words.is_empty() { "—".to_owned() } else { words };
        let is_chosen = move || chosen.get().unwrap_or_default() == choice;
        view! {
            <option value=value prop:selected=is_chosen>
                {words}
            </option>
        }
    };
    view! {
        <span class="select">
            <select
                class="input"
                id=id
                data-path=path.to_string()
                on:change=move |event| {
                    let choice = event_target_value(&event);
                    write.run((!choice.is_empty()).then_some(choice));
                }
            >
                <For each=move || offered.get() key=Clone::clone let:choice>
                    {option(choice)}
                </For>
            </select>
            <Icon name=IconName::ChevronDown />
        </span>
    }
}
