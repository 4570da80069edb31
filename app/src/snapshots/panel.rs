//! The right column.

use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos_router::components::A;

use super::list::{Listed, NoSnapshots, RestoreButton};
use super::take::use_take_snapshot;
use super::words::{kind, title};
use crate::icon::{Icon, IconName};
use crate::panels::Panels;
use crate::tabs::PresenceList;
use crate::time::{datetime, moment, use_now};
use crate::workspace::Part;

/// So many of the newest are at hand.
const SHORT: usize = 5;

/// People, tabs and recent snapshots.
#[component]
pub(crate) fn Panel() -> impl IntoView {
    view! {
        <aside
            class="panel"
            id="panel"
            popover
            aria-label="People, tabs and snapshots"
            on:toggle=Panels::toggled()
        >
            <div class="drawer-head">
                <span>"People and snapshots"</span>
                <button
                    type="button"
                    class="icon-button"
                    popovertarget="panel"
                    popovertargetaction="hide"
                    aria-label="Close"
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <PresenceList />
            <Recent />
        </aside>
    }
}

/// The newest snapshots.
#[component]
fn Recent() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let take = use_take_snapshot();
    let newest = move || session.snapshots.read().iter().take(SHORT).cloned().collect::<Vec<_>>();
    let any = Memo::new(move |_| !session.snapshots.read().is_empty());
    let history = move || session.id.get().map(|id| Part::History.of(id)).unwrap_or_default();
    let all = move || match session.snapshots.read().len() {
        0 | 1 => "All snapshots".to_owned(),
        number => format!("All {number} snapshots"),
    };
    view! {
        <section class="panel-section" aria-labelledby="snapshots-title">
            <div class="panel-head">
                <h2 class="label" id="snapshots-title">
                    "Snapshots"
                </h2>
                <button
                    type="button"
                    class="button-plain needs-app"
                    disabled=move || session.id.get().is_none()
                    on:click=move |_| take(None)
                >
                    "Take one"
                </button>
            </div>
            <NoSnapshots />
            <Show when=move || any.get()>
                <ul class="snapshot-list">
                    <For each=newest key=|snapshot| snapshot.id let:snapshot>
                        <Row snapshot=snapshot />
                    </For>
                </ul>
                <A
                    href=history
                    attr:class="panel-more"
                    on:click=move |_| crate::popover::close("panel")
                >
                    {all}
                </A>
            </Show>
        </section>
    }
}

#[component]
fn Row(snapshot: SnapshotSummary) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let now = use_now();
    let listed = Listed::new(session, snapshot);
    let snapshot = listed.snapshot;
    let at_ms = move || snapshot.with(|snapshot| snapshot.created_at_ms);
    let more = move || match snapshot.get() {
        _ if listed.waits.get() => Some("waits for the network"),
        snapshot if snapshot.pinned => Some("pinned"),
        _ => None,
    };
    view! {
        <li
            class="snapshot"
            data-kind=move || snapshot.with(kind)
            data-state=move || listed.state()
        >
            <div class="snapshot-main">
                <p class="snapshot-name" title=move || snapshot.with(title)>
                    {move || snapshot.with(title)}
                </p>
                <p class="snapshot-meta">
                    <time datetime=move || datetime(at_ms())>
                        {move || moment(at_ms(), now.get())}
                    </time>
                    {move || more().map(|more| view! { <span>{more}</span> })}
                </p>
            </div>
            <RestoreButton listed=listed />
        </li>
    }
}
