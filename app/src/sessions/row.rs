//! One session in the list, and what can be done with it.

use holdfast_domain::session::{SessionSummary, Step};
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos_router::components::A;

use super::bundles::Bundles;
use super::deleting::Deleting;
use super::list::{SIDEBAR, SessionList};
use super::steps::{Steps, offered};
use crate::clipboard::copy;
use crate::icon::{Icon, IconName};
use crate::menu::MenuItem;
use crate::popover;
use crate::time::{ago, datetime, use_now};
use crate::toasts::Toasts;
use crate::workspace::{Naming, Part};

/// A link and a menu.
#[component]
pub(super) fn Row(
    /// The session.
    summary: SessionSummary,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (list, now) = (SessionList::of_page(), use_now());
    let (id, at_ms) = (summary.id, summary.active_at_ms);
    let menu = format!("session-menu-{id}");
    let (target, name) = (menu.clone(), summary.name.clone());
    // Its mark where the list is narrow.
    let initial = name.trim().chars().next().map(|first| first.to_uppercase().to_string());
    let title = name.clone();
    let actions = format!("Actions for {}", summary.name);
    view! {
        <li class="session-row">
            <A
                href=Part::Notes.of(id)
                attr:class="session-link"
                attr:title=move || list.collapsed.get().then(|| title.clone())
                attr:aria-current=move || (session.id.get() == Some(id)).then_some("page")
                on:click=|_| popover::close(SIDEBAR)
            >
                <span class="session-link-mark" aria-hidden="true">
                    {initial}
                </span>
                <span class="session-link-name sidebar-word">{name}</span>
                <time class="session-link-time" datetime=datetime(at_ms)>
                    {move || ago(at_ms, now.get())}
                </time>
            </A>
            <button
                type="button"
                class="icon-button"
                popovertarget=target
                aria-label=actions
            >
                <Icon name=IconName::More />
            </button>
            <Menu id=menu summary=summary />
        </li>
    }
}

#[component]
fn Menu(id: String, summary: SessionSummary) -> impl IntoView {
    let (toasts, naming) = (Toasts::of_page(), Naming::of_page());
    let (steps, deleting) = (Steps::of_page(), Deleting::of_page());
    let bundles = Bundles::of_page();
    let which = summary.id;
    let menu = id.clone();
    let rename = move || {
        popover::close(SIDEBAR);
        naming.ask(which);
    };
    let copy_link = move || {
        let origin = window().location().origin().unwrap_or_default();
        copy(&format!("{origin}{}", Part::Notes.of(which)), toasts);
    };
    let offered = offered(summary.state).iter().map(|(step, name)| {
        let icon = match step {
            Step::Complete => IconName::Check,
            Step::Archive => IconName::Archive,
            _ => IconName::Restore,
        };
        view! {
            <MenuItem menu=id.clone() icon=icon act=move || steps.take(which, *step)>
                {*name}
            </MenuItem>
        }
    });
    let offered = offered.collect_view();
    let asked = summary.clone();
    let delete = move || {
        popover::close(SIDEBAR);
        deleting.ask(asked.clone());
    };
    view! {
        <div class="popover menu" id=id popover role="group" aria-label=summary.name>
            <MenuItem menu=menu.clone() icon=IconName::Pencil act=rename>
                "Rename"
            </MenuItem>
            <MenuItem menu=menu.clone() icon=IconName::Copy act=copy_link>
                "Copy link"
            </MenuItem>
            <MenuItem menu=menu.clone() icon=IconName::Copy act=move || bundles.duplicate(which)>
                "Duplicate"
            </MenuItem>
            <MenuItem menu=menu.clone() icon=IconName::Download act=move || bundles.export(which)>
                "Export"
            </MenuItem>
            {offered}
            <MenuItem menu=menu icon=IconName::Trash act=delete danger=true>
                "Delete…"
            </MenuItem>
        </div>
    }
}
