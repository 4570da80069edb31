//! One session in the list, and what can be done with it.

use holdfast_domain::Error;
use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use super::complete_session;
use super::list::{SIDEBAR, SessionList};
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
    let session = use_session(SessionOptions::default());
    let (toasts, naming) = (Toasts::of_page(), Naming::of_page());
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
    let complete = move || {
        let is_open = session.id.get_untracked() == Some(which);
        spawn_local(async move {
            let done = if is_open {
                // Saves first what waits (CTX-5).
                session.complete().await
            } else {
                let done = complete_session(which).await.map_err(Error::from);
                session.refresh();
                done
            };
            match done {
                Ok(()) => toasts.say("Completed. It stays in the list and can be worked on."),
                Err(error) => {
                    toasts.fail(format!("Not completed. {error} Nothing of it is lost."));
                }
            }
        });
    };
    let is_active = summary.state == SessionState::Active;
    view! {
        <div class="popover menu" id=id popover role="group" aria-label=summary.name>
            <MenuItem menu=menu.clone() icon=IconName::Pencil act=rename>
                "Rename"
            </MenuItem>
            <MenuItem menu=menu.clone() icon=IconName::Copy act=copy_link>
                "Copy link"
            </MenuItem>
            {is_active
                .then(|| {
                    view! {
                        <MenuItem menu=menu icon=IconName::Check act=complete>
                            "Complete"
                        </MenuItem>
                    }
                })}
        </div>
    }
}
