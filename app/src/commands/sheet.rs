//! The sheet of shortcuts.

use leptos::prelude::*;

use super::{Command, Commands, use_modifier};
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};

/// The dialog.
#[component]
pub(super) fn ShortcutSheet() -> impl IntoView {
    let open = Commands::of_page().sheet;
    view! {
        <Dialog open=open class="dialog dialog-wide" id="shortcuts" labelledby="shortcuts-title">
            <div class="dialog-head">
                <h2 class="dialog-title" id="shortcuts-title">
                    "Shortcuts"
                </h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Close"
                    autofocus
                    on:click=move |_| open.set(false)
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <div class="dialog-body">
                <Shortcuts />
            </div>
        </Dialog>
    }
}

/// Every command that has keys.
#[component]
fn Shortcuts() -> impl IntoView {
    let modifier = use_modifier();
    let row = move |command: Command| {
        let keys = move || {
            let keys = command.shown_keys(modifier.get());
            keys.split(' ').map(|key| view! { <kbd>{key.to_owned()}</kbd> }).collect_view()
        };
        view! {
            <div>
                <dt>{command.name}</dt>
                <dd>{keys}</dd>
            </div>
        }
    };
    let all = Commands::of_page().all().into_iter();
    let rows = all.filter(|command| command.keys.is_some()).map(row).collect_view();
    view! { <dl class="shortcut-list">{rows}</dl> }
}
