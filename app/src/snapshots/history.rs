//! All snapshots, by day.

mod deleting;
mod row;

use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_session::{SessionOptions, use_session, use_view_state};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use self::deleting::{DeleteDialog, Deleting};
use self::row::Row;
use super::list::NoSnapshots;
use super::take::use_take_snapshot;
use crate::icon::{Icon, IconName};
use crate::time::{Day, day, day_name, use_now};

/// The part of a session that shows its snapshots.
#[component]
pub(crate) fn History() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    Deleting::provide();
    // What other devices took meanwhile; the first list is on its way by itself.
    Effect::new(move |_| {
        if session.snapshots_read.get_untracked().is_some() {
            session.refresh();
        }
    });
    let newest = Memo::new(move |_| {
        let mut all = session.snapshots.get();
        all.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.created_at_ms));
        all
    });
    let days = move || {
        let mut days: Vec<Day> = newest.read().iter().map(day_of).collect();
        days.dedup();
        days
    };
    view! {
        <div class="history">
            <div class="history-head">
                <div>
                    <h2>"Snapshots"</h2>
                    <p>"Kept 30 days; pinned ones until you unpin them."</p>
                </div>
                <Take />
            </div>
            <NoSnapshots />
            <For each=days key=|day| *day let:day>
                <OneDay day=day newest=newest />
            </For>
        </div>
        <DeleteDialog />
    }
}

/// The form that takes one.
#[component]
fn Take() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let take = use_take_snapshot();
    // Half typed, it comes back with the session (CTX-11).
    let (name, set_name) = use_view_state("snapshot-name", String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        take(Some(name.get_untracked()));
        set_name.run(String::new());
    };
    view! {
        <form class="history-take" on:submit=submit>
            <label class="visually-hidden" for="snapshot-name">
                "Name of the snapshot"
            </label>
            <input
                class="input"
                id="snapshot-name"
                name="name"
                prop:value=move || name.get()
                on:input:target=move |event| set_name.run(event.target().value())
                placeholder="Name (optional)"
                maxlength="255"
                autocomplete="off"
            />
            <button
                type="submit"
                class="button needs-app"
                disabled=move || session.id.get().is_none()
            >
                <Icon name=IconName::Camera />
                "Take one"
            </button>
        </form>
    }
}

/// Those of one day.
#[component]
fn OneDay(day: Day, newest: Memo<Vec<SnapshotSummary>>) -> impl IntoView {
    let now = use_now();
    let of_day = move || {
        let newest = newest.read();
        newest.iter().filter(|snapshot| day_of(snapshot) == day).cloned().collect::<Vec<_>>()
    };
    let name = move || {
        let newest = newest.read();
        let first = newest.iter().find(|snapshot| day_of(snapshot) == day);
        first.map(|first| day_name(first.created_at_ms, now.get()))
    };
    let id = format!("day-{}-{}-{}", day.year, day.month, day.day);
    let heading = id.clone();
    view! {
        <section class="history-day" aria-labelledby=id>
            <h3 class="label" id=heading>
                {name}
            </h3>
            <ol class="snapshot-list">
                <For each=of_day key=|snapshot| snapshot.id let:snapshot>
                    <Row snapshot=snapshot />
                </For>
            </ol>
        </section>
    }
}

fn day_of(snapshot: &SnapshotSummary) -> Day {
    day(snapshot.created_at_ms)
}
