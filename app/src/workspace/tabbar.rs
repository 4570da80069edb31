//! The parts of the session, and what can be done with it.

use holdfast_session::{SessionOptions, use_active_jobs, use_session};
use leptos::prelude::*;

use super::{Part, use_part};
use crate::commands::{Commands, use_modifier};
use crate::icon::{Icon, IconName};
use crate::menu::MenuItem;
use crate::reset::Resetting;
use crate::snapshots::use_take_snapshot;

/// The id of the menu.
const MENU: &str = "session-menu";

/// Links to the parts; each has an address.
#[component]
pub(super) fn TabBar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let shown = use_part();
    let active = use_active_jobs();
    let live = Memo::new(move |_| active.jobs.read().len());
    let count = move |part: Part| {
        move || {
            let live = live.get();
            (part == Part::Jobs && live > 0).then(|| {
                view! {
                    <span class="count">{live} <span class="visually-hidden">"live"</span></span>
                }
            })
        }
    };
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
                    {count(part)}
                </a>
            </li>
        }
    };
    view! {
        <nav class="tabbar" aria-label="This session">
            <div class="tabs">
                <ul>{link(Part::Notes)} {link(Part::Jobs)} {link(Part::History)}</ul>
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
}

/// What can be done with the session.
#[component]
fn Menu() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (take, resetting) = (use_take_snapshot(), Resetting::of_page());
    let (commands, modifier) = (Commands::of_page(), use_modifier());
    let keys = move |name: &'static str| {
        let command = commands.named(name);
        move || command.map(|command| command.shown_keys(modifier.get()))
    };
    let no_undo = Signal::derive(move || !session.can_undo.get());
    let no_redo = Signal::derive(move || !session.can_redo.get());
    let unknown = Signal::derive(move || session.id.get().is_none());
    view! {
        <div
            class="popover popover-end menu"
            id=MENU
            popover
            role="group"
            aria-label="Session actions"
        >
            <MenuItem
                menu=MENU
                icon=IconName::Undo
                act=move || session.undo()
                disabled=no_undo
            >
                "Undo"
                <kbd>{keys("Undo")}</kbd>
            </MenuItem>
            <MenuItem
                menu=MENU
                icon=IconName::Redo
                act=move || session.redo()
                disabled=no_redo
            >
                "Redo"
                <kbd>{keys("Redo")}</kbd>
            </MenuItem>
            <MenuItem menu=MENU icon=IconName::Camera act=move || take(None) disabled=unknown>
                "Take a snapshot"
            </MenuItem>
            <hr />
            <MenuItem
                menu=MENU
                icon=IconName::Undo
                act=move || resetting.ask()
                danger=true
                disabled=session.loading
            >
                "Reset session…"
            </MenuItem>
        </div>
    }
}
