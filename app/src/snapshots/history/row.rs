//! One snapshot of the history, with everything that can be done with it.

use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deleting::Deleting;
use crate::icon::{Icon, IconName};
use crate::size::size;
use crate::snapshots::list::{Listed, RestoreButton};
use crate::snapshots::words::{kind, origin, sorry, title};
use crate::time::{clock, datetime, left, use_now};
use crate::toasts::Toasts;

#[component]
pub(super) fn Row(snapshot: SnapshotSummary) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let now = use_now();
    let listed = Listed::new(session, snapshot);
    let snapshot = listed.snapshot;
    let at_ms = move || snapshot.with(|snapshot| snapshot.created_at_ms);
    let meta = move || {
        let snapshot = snapshot.get();
        let last = match (listed.waits.get(), snapshot.pinned) {
            (true, _) => "waits for the network".into(),
            (false, true) => "pinned".into(),
            (false, false) => left(snapshot.expires_at_ms, now.get()),
        };
        let parts = [Some(origin(&snapshot)), size(snapshot.size_bytes), Some(last)];
        parts.into_iter().flatten().map(|part| view! { <span>{part}</span> }).collect_view()
    };
    view! {
        <li
            class="snapshot"
            data-kind=move || snapshot.with(kind)
            data-state=move || listed.state()
        >
            <time class="snapshot-time" datetime=move || datetime(at_ms())>
                {move || clock(at_ms())}
            </time>
            <div class="snapshot-main">
                <p class="snapshot-name" title=move || snapshot.with(title)>
                    {move || snapshot.with(title)}
                </p>
                <p class="snapshot-meta">{meta}</p>
            </div>
            <div class="snapshot-actions">
                <Pin listed=listed />
                <Delete listed=listed />
                <RestoreButton listed=listed />
            </div>
        </li>
    }
}

/// Keeps it beyond its time, or no longer.
#[component]
fn Pin(listed: Listed) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    let now = use_now();
    let pinned = move || listed.snapshot.with(|snapshot| snapshot.pinned);
    let toggle = move |_| {
        let wanted = !untrack(pinned);
        spawn_local(async move {
            match session.pin_snapshot(listed.id(), wanted).await {
                Ok(()) if wanted => toasts.say("Pinned: it is kept until you unpin it."),
                Ok(()) => toasts.say("Unpinned: it is kept 30 days."),
                Err(error) if wanted => toasts.fail(sorry("Not pinned.", &error)),
                Err(error) => toasts.fail(sorry("Not unpinned.", &error)),
            }
        });
    };
    view! {
        <button
            type="button"
            class="icon-button pin"
            aria-pressed=move || pinned().to_string()
            aria-label=move || format!("Pin {}", listed.full_name(now.get()))
            disabled=move || listed.waits.get()
            on:click=toggle
        >
            <Icon name=IconName::Pin />
        </button>
    }
}

/// Asks first: what is deleted does not come back.
#[component]
fn Delete(listed: Listed) -> impl IntoView {
    let deleting = Deleting::of_page();
    let now = use_now();
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || format!("Delete {}", listed.full_name(now.get()))
            disabled=move || listed.waits.get()
            on:click=move |_| deleting.ask(listed.snapshot.get_untracked())
        >
            <Icon name=IconName::Trash />
        </button>
    }
}
