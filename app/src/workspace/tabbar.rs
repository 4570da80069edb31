//! The parts of the session, and what can be done with it.

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use super::{Part, use_part};
use crate::commands::use_modifier;
use crate::icon::{Icon, IconName};
use crate::popover;
use crate::reset::Resetting;
use crate::snapshots::use_take_snapshot;

/// The id of the menu.
const MENU: &str = "session-menu";

/// Links to the parts; each has an address.
#[component]
pub(super) fn TabBar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let shown = use_part();
    let link = move |part: Part| {
        let address = move || session.id.get().map_or_else(|| "/".to_owned(), |id| part.of(id));
        view! {
            <li>
                <a
                    href=address
                    class="tab"
                    aria-current=move || (shown.get() == part).then_some("page")
                >
                    {part.name()}
                </a>
            </li>
        }
    };
    view! {
        <nav class="tabbar" aria-label="This session">
            <div class="tabs">
                <ul>{link(Part::Notes)} {link(Part::History)}</ul>
            </div>
            <div class="tabbar-end">
                <button
                    type="button"
                    class="icon-button panel-button"
                    popovertarget="panel"
                    aria-label="People, tabs and snapshots"
                >
                    <Icon name=IconName::Panel />
                </button>
                <button
                    type="button"
                    class="icon-button"
                    popovertarget=MENU
                    aria-label="Session actions"
                >
                    <Icon name=IconName::More />
                </button>
                <Menu />
            </div>
        </nav>
    }
    .into_any()
}

/// What can be done with the session.
#[component]
fn Menu() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (take, resetting) = (use_take_snapshot(), Resetting::of_page());
    let modifier = use_modifier();
    let undo = move |_| {
        popover::close(MENU);
        session.undo();
    };
    let redo = move |_| {
        popover::close(MENU);
        session.redo();
    };
    let snapshot = move |_| {
        popover::close(MENU);
        take(None);
    };
    let reset = move |_| {
        popover::close(MENU);
        resetting.ask();
    };
    let unknown = move || session.id.get().is_none();
    view! {
        <div
            class="popover popover-end menu"
            id=MENU
            popover
            role="group"
            aria-label="Session actions"
        >
            <button
                type="button"
                class="menu-item"
                disabled=move || !session.can_undo.get()
                on:click=undo
            >
                <Icon name=IconName::Undo />
                "Undo"
                <kbd>{move || format!("{} Z", modifier.get())}</kbd>
            </button>
            <button
                type="button"
                class="menu-item"
                disabled=move || !session.can_redo.get()
                on:click=redo
            >
                <Icon name=IconName::Redo />
                "Redo"
                <kbd>{move || format!("{} Shift Z", modifier.get())}</kbd>
            </button>
            <button type="button" class="menu-item" disabled=unknown on:click=snapshot>
                <Icon name=IconName::Camera />
                "Take a snapshot"
            </button>
            <hr />
            <button
                type="button"
                class="menu-item menu-item-danger"
                disabled=move || session.loading.get()
                on:click=reset
            >
                <Icon name=IconName::Undo />
                "Reset session…"
            </button>
        </div>
    }
    .into_any()
}
