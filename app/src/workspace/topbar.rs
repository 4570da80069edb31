//! The top line: which session, and whether it is safe.

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use super::name::SessionName;
use crate::commands::{Commands, use_modifier};
use crate::icon::{Icon, IconName};
use crate::indicator::Indicator;
use crate::theme::{ThemeButton, ThemeMenu};
use crate::toasts::Toasts;

/// The top line.
#[component]
pub(super) fn TopBar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (commands, modifier, toasts) = (Commands::of_page(), use_modifier(), Toasts::of_page());
    let snapshot = move |_| {
        session.create_snapshot(None);
        toasts.say("Snapshot taken");
    };
    view! {
        <header class="topbar">
            <button
                type="button"
                class="icon-button menu-button"
                popovertarget="sidebar"
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
                    on:click=snapshot
                >
                    <Icon name=IconName::Camera />
                    "Snapshot"
                </button>
                <button
                    type="button"
                    class="commands-button needs-app"
                    aria-keyshortcuts="Control+K"
                    on:click=move |_| commands.palette.set(true)
                >
                    <span>"Commands"</span>
                    <kbd aria-hidden="true">{move || format!("{} K", modifier.get())}</kbd>
                </button>
                <ThemeButton />
            </div>
            <ThemeMenu />
        </header>
    }
}
