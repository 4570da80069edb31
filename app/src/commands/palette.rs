//! Commands and sessions by name: a combobox over a listbox.

use holdfast_session::{SessionOptions, use_session};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use web_sys::ScrollIntoViewOptions;

use super::{Commands, use_modifier};
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};
use crate::time::{ago, use_now};

/// Of what there may be very many.
const SESSIONS: usize = 8;

/// One line of the list.
#[derive(Clone)]
struct Choice {
    group: &'static str,
    icon: IconName,
    name: String,
    detail: String,
    run: Callback<()>,
}

/// The dialog.
#[component]
pub(super) fn Palette() -> impl IntoView {
    let open = Commands::of_page().palette;
    view! {
        <Dialog open=open class="dialog palette" id="palette" label="Commands">
            <Search />
        </Dialog>
    }
}

#[component]
fn Search() -> impl IntoView {
    let commands = Commands::of_page();
    let typed = RwSignal::new(String::new());
    let choices = use_choices(typed);
    let marked = RwSignal::new(0_usize);
    let mark = move |to: usize| {
        marked.set(to);
        let option = document().get_element_by_id(&format!("option-{to}"));
        if let Some(option) = option {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    };
    let choose = move |choice: Choice| {
        commands.palette.set(false);
        // Once the focus is back where it was: a dialog that opens now gives it back there in its turn.
        spawn_local(async move {
            tick().await;
            choice.run.run(());
        });
    };
    let key = move |event: KeyboardEvent| {
        let number = choices.read_untracked().len();
        let at = marked.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if number > 0 => mark((at + 1) % number),
            "ArrowUp" if number > 0 => mark((at + number - 1) % number),
            "Home" => mark(0),
            "End" => mark(number.saturating_sub(1)),
            "Enter" if !event.is_composing() => {
                let choice = choices.with_untracked(|choices| choices.get(at).cloned());
                if let Some(choice) = choice {
                    choose(choice);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |at: usize, choice: Choice| {
        let chosen = choice.clone();
        view! {
            <div
                class="palette-option"
                id=format!("option-{at}")
                role="option"
                aria-selected=move || (marked.get() == at).to_string()
                on:click=move |_| choose(chosen.clone())
            >
                <Icon name=choice.icon />
                <span class="palette-name">{choice.name}</span>
                <span class="palette-detail">{choice.detail}</span>
            </div>
        }
    };
    let is_empty = move || choices.read().is_empty();
    let groups = move || {
        let choices = choices.get();
        ["Commands", "Sessions"]
            .map(|group| {
                let of_group = choices.iter().cloned().enumerate();
                let of_group: Vec<_> =
                    of_group.filter(|(_, choice)| choice.group == group).collect();
                (!of_group.is_empty()).then(|| {
                    let id = format!("palette-{group}");
                    let labelled = id.clone();
                    view! {
                        <div role="group" aria-labelledby=labelled>
                            <div class="label" id=id role="presentation">
                                {group}
                            </div>
                            {of_group
                                .into_iter()
                                .map(|(at, choice)| option(at, choice))
                                .collect_view()}
                        </div>
                    }
                })
            })
            .into_any()
    };
    view! {
        <div class="palette-field">
            <Icon name=IconName::Search />
            <input
                class="palette-input"
                type="text"
                role="combobox"
                aria-label="Command or session"
                aria-expanded=move || (!is_empty()).to_string()
                aria-controls="palette-list"
                aria-activedescendant=move || {
                    (!is_empty()).then(|| format!("option-{}", marked.get()))
                }
                aria-autocomplete="list"
                placeholder="Type a command or a session"
                autocomplete="off"
                spellcheck="false"
                autofocus
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    marked.set(0);
                }
                on:keydown=key
            />
            <kbd aria-hidden="true" class="wide-only">
                "Esc"
            </kbd>
        </div>
        <p class="palette-empty" role="status" hidden=move || !is_empty()>
            "Nothing is called that."
        </p>
        <div
            class="palette-list"
            id="palette-list"
            role="listbox"
            aria-label="Commands"
            hidden=is_empty
        >
            {groups}
        </div>
    }
}

/// What fits to what was typed.
fn use_choices(typed: RwSignal<String>) -> Signal<Vec<Choice>> {
    let session = use_session(SessionOptions::default());
    let (commands, modifier, now) = (Commands::of_page(), use_modifier(), use_now());
    Signal::derive(move || {
        let typed = typed.get().trim().to_lowercase();
        let fits = |name: &str| name.to_lowercase().contains(&typed);
        let commands =
            commands.all().into_iter().filter(|command| command.offered && fits(command.name));
        let mut choices: Vec<Choice> = commands
            .map(|command| Choice {
                group: "Commands",
                icon: command.icon,
                name: command.name.into(),
                detail: command.shown_keys(modifier.get()),
                run: command.run,
            })
            .collect();
        let open = session.id.get();
        let sessions = session.sessions.get().into_iter();
        let others = sessions.filter(|other| Some(other.id) != open && fits(&other.name));
        choices.extend(others.take(SESSIONS).map(|other| Choice {
            group: "Sessions",
            icon: IconName::Note,
            name: other.name,
            detail: ago(other.active_at_ms, now.get()),
            run: Callback::new(move |()| session.switch(other.id)),
        }));
        choices
    })
}
