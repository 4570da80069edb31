//! The sheet of shortcuts.

use leptos::prelude::*;

use super::{Commands, use_modifier};
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};

const EVERYWHERE: [(&str, &[&str]); 3] =
    [("Commands", &["Mod", "K"]), ("Search sessions", &["/"]), ("This sheet", &["?"])];
const IN_A_SESSION: [(&str, &[&str]); 3] =
    [("Save now", &["Mod", "S"]), ("Undo", &["Mod", "Z"]), ("Redo", &["Mod", "Shift", "Z"])];

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
            <div class="dialog-body shortcuts">
                <Shortcuts heading="Everywhere" id="shortcuts-everywhere" shortcuts=&EVERYWHERE />
                <Shortcuts heading="In a session" id="shortcuts-session" shortcuts=&IN_A_SESSION />
            </div>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Shortcuts(
    heading: &'static str,
    id: &'static str,
    shortcuts: &'static [(&'static str, &'static [&'static str])],
) -> impl IntoView {
    let modifier = use_modifier();
    let key = move |key: &'static str| {
        view! { <kbd>{move || if key == "Mod" { modifier.get() } else { key }}</kbd> }
    };
    let row = move |(name, keys): &(&'static str, &'static [&'static str])| {
        view! {
            <div>
                <dt>{*name}</dt>
                <dd>{keys.iter().copied().map(key).collect_view()}</dd>
            </div>
        }
    };
    view! {
        <section aria-labelledby=id>
            <h3 class="label" id=id>
                {heading}
            </h3>
            <dl class="shortcut-list">{shortcuts.iter().map(row).collect_view()}</dl>
        </section>
    }
    .into_any()
}
