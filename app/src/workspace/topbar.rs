//! The top line: which session, and whether it is safe.

use leptos::prelude::*;

use super::name::SessionName;
use crate::accounts::{AccountButton, AccountMenu};
use crate::commands::{Commands, use_modifier};
use crate::icon::{Icon, IconName};
use crate::indicator::Indicator;
use crate::sessions::SIDEBAR;
use crate::snapshots::use_take_snapshot;
use crate::theme::{ThemeButton, ThemeMenu};

/// The top line.
#[component]
pub(super) fn TopBar() -> impl IntoView {
    let (commands, modifier) = (Commands::of_page(), use_modifier());
    let palette = commands.named("Commands");
    let shortcut =
        palette.and_then(|palette| palette.keys).map(|keys| keys.replace("Mod", "Control"));
    let keys = move || palette.map(|palette| palette.shown_keys(modifier.get()));
    let take_snapshot = use_take_snapshot();
    view! {
        <header class="topbar">
            <button
                type="button"
                class="icon-button menu-button"
                popovertarget=SIDEBAR
                aria-label="Sessions"
            >
                <Icon name=IconName::Menu />
            </button>
            <SessionName />
            <Indicator />
            <div class="topbar-end wide-only">
                <button
                    type="button"
                    class="button button-small needs-app topbar-snapshot"
                    on:click=move |_| take_snapshot(None)
                >
                    <Icon name=IconName::Camera />
                    "Snapshot"
                </button>
                <button
                    type="button"
                    class="commands-button needs-app"
                    aria-keyshortcuts=shortcut
                    on:click=move |_| commands.palette.set(true)
                >
                    <span>"Commands"</span>
                    <kbd aria-hidden="true">{keys}</kbd>
                </button>
                <ThemeButton />
            </div>
            <AccountButton />
            <ThemeMenu />
            <AccountMenu />
        </header>
    }
}
