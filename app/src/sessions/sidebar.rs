//! The left column: the sessions by status, and how to find one.

use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_session::{SessionOptions, use_session};
use leptos::either::Either;
use leptos::prelude::*;

use super::bundles::Bundles;
use super::gone::GoneSessions;
use super::list::{SEARCH, SIDEBAR, SessionList};
use super::row::Row;
use crate::commands::Commands;
use crate::developer::DeveloperControls;
use crate::icon::{Icon, IconName};
use crate::popover;
use crate::skeletons::Skeletons;

/// The order of the groups, with their names.
const GROUPS: [(SessionState, &str, &str); 4] = [
    (SessionState::Active, "active", "Active"),
    (SessionState::Abandoned, "abandoned", "Abandoned"),
    (SessionState::Completed, "completed", "Completed"),
    (SessionState::Archived, "archived", "Archived"),
];

/// Where a session is in its life.
pub(crate) fn state_name(state: SessionState) -> &'static str {
    GROUPS.iter().find(|(of, ..)| *of == state).map_or("Deleted", |(.., name)| name)
}

/// The sessions of this device and of the account.
#[component]
pub(crate) fn Sidebar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let commands = Commands::of_page();
    let list = SessionList::of_page();
    let (bundles, gone) = (Bundles::of_page(), GoneSessions::of_page());
    let wanted = list.wanted;
    let found = Memo::new(move |_| {
        let wanted = wanted.read().trim().to_lowercase();
        let mut sessions = session.sessions.get();
        sessions.retain(|session| session.name.to_lowercase().contains(&wanted));
        sessions
    });
    let hits = move || match (wanted.read().trim().is_empty(), found.read().len()) {
        (true, _) => String::new(),
        (false, 1) => "1 session found".into(),
        (false, number) => format!("{number} sessions found"),
    };
    view! {
        <nav class="sidebar" id=SIDEBAR popover aria-label="Sessions">
            <div class="sidebar-head">
                <a class="brand" href="/">
                    <span class="brand-mark">
                        <Icon name=IconName::Logo />
                    </span>
                    <span class="sidebar-word">"Holdfast"</span>
                </a>
                <Collapse />
            </div>
            <button
                type="button"
                class="button button-primary sidebar-new needs-app"
                title=move || list.collapsed.get().then_some("New session")
                on:click=move |_| {
                    popover::close(SIDEBAR);
                    session.create(None);
                }
            >
                <Icon name=IconName::Plus />
                <span class="sidebar-word">"New session"</span>
            </button>
            <div class="search" role="search">
                <label class="visually-hidden" for=SEARCH>
                    "Search sessions"
                </label>
                <input
                    class="input"
                    id=SEARCH
                    type="search"
                    placeholder="Search sessions"
                    autocomplete="off"
                    bind:value=wanted
                />
                <kbd aria-hidden="true" class="wide-only">
                    "/"
                </kbd>
                <p class="visually-hidden" id="search-status" role="status">
                    {hits}
                </p>
            </div>
            <div class="session-groups">
                <Show when=move || !session.sessions.read().is_empty() fallback=Skeletons>
                    {GROUPS
                        .into_iter()
                        .map(|(state, status, name)| {
                            view! { <Group state=state status=status name=name found=found /> }
                        })
                        .collect_view()}
                    <Show when=move || found.read().is_empty()>
                        <p class="sidebar-empty">"No session is called that."</p>
                    </Show>
                </Show>
            </div>
            <div class="sidebar-more sidebar-word needs-app">
                <button type="button" class="button-plain" on:click=move |_| bundles.ask_for_file()>
                    <Icon name=IconName::Upload />
                    "Import"
                </button>
                <button
                    type="button"
                    class="button-plain"
                    on:click=move |_| {
                        popover::close(SIDEBAR);
                        gone.show();
                    }
                >
                    <Icon name=IconName::Trash />
                    "Deleted"
                </button>
                {DeveloperControls::of_page()
                    .map(|controls| {
                        view! {
                            <button
                                type="button"
                                class="button-plain"
                                on:click=move |_| {
                                    popover::close(SIDEBAR);
                                    controls.show();
                                }
                            >
                                <Icon name=IconName::Wrench />
                                "Developer"
                            </button>
                        }
                    })}
            </div>
            <div class="sidebar-foot narrow-only">
                <button
                    type="button"
                    class="button button-small needs-app"
                    on:click=move |_| commands.palette.set(true)
                >
                    <Icon name=IconName::Command />
                    "Commands"
                </button>
                <button type="button" class="button button-small" popovertarget="theme-menu">
                    <Icon name=IconName::Moon />
                    "Theme"
                </button>
            </div>
        </nav>
    }
}

/// Where there is room for two columns: makes the list narrow, or wide again.
#[component]
fn Collapse() -> impl IntoView {
    let list = SessionList::of_page();
    let name = move || match list.collapsed.get() {
        true => "Expand the list of sessions",
        false => "Collapse the list of sessions",
    };
    view! {
        <button
            type="button"
            class="icon-button wide-only needs-app"
            aria-label=name
            title=name
            aria-expanded=move || (!list.collapsed.get()).to_string()
            aria-controls=SIDEBAR
            on:click=move |_| list.toggle()
        >
            <Icon name=IconName::Sidebar />
        </button>
    }
}

/// Those of one status.
#[component]
fn Group(
    state: SessionState,
    status: &'static str,
    name: &'static str,
    found: Memo<Vec<SessionSummary>>,
) -> impl IntoView {
    let of_state = Memo::new(move |_| {
        let found = found.read();
        found.iter().filter(|session| session.state == state).cloned().collect::<Vec<_>>()
    });
    let heading = format!("group-{status}");
    let head = move || {
        view! {
            <h2 class="label" id=format!("group-{status}")>
                {name}
            </h2>
            <span class="label number">{move || of_state.read().len()}</span>
        }
    };
    let list = move || view! { <Rows of_state=of_state name=name /> };
    let wanted = SessionList::of_page().wanted;
    let group = move || match state {
        // What was put away is out of the way; what is searched for is shown.
        SessionState::Archived => Either::Left(view! {
                    <details
                        class="session-group"
                        data-status=status
                        open=move || !wanted.read().trim().is_empty()
                    >
                        <summary class="session-group-head">
        <Icon name=IconName::ChevronRight />
        {head()}</summary>
                        {list()}
                    </details>
                }),
        _ => Either::Right(view! {
            <section class="session-group" data-status=status aria-labelledby=heading.clone()>
                <div class="session-group-head">{head()}</div>
                {list()}
            </section>
        }),
    };
    view! { <Show when=move || !of_state.read().is_empty()>{group()}</Show> }
}

/// How many rows are there at first, and with each step more: somebody has ten thousand sessions.
const ROWS: usize = 50;

/// The sessions of a group, and a way to see more of them.
#[component]
fn Rows(of_state: Memo<Vec<SessionSummary>>, name: &'static str) -> impl IntoView {
    let most = RwSignal::new(ROWS);
    let shown = move || of_state.read().iter().take(most.get()).cloned().collect::<Vec<_>>();
    let left = Memo::new(move |_| of_state.read().len().saturating_sub(most.get()));
    let more = move || match left.get() {
        left if left > ROWS => format!("Show {ROWS} more of {left}"),
        left => format!("Show {left} more"),
    };
    let label = move || format!("{}, {}", more(), name.to_lowercase());
    view! {
        <ul class="session-list">
            <For
                each=shown
                key=|session| (session.id, session.name.clone(), session.active_at_ms)
                let:summary
            >
                <Row summary=summary />
            </For>
        </ul>
        <Show when=move || { left.get() > 0 }>
            <button
                type="button"
                class="button-plain session-more sidebar-word"
                aria-label=label
                on:click=move |_| most.update(|most| *most += ROWS)
            >
                {more}
            </button>
        </Show>
    }
}
