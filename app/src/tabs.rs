//! Who and what has this session open: the tabs of this browser, with what each is at.

mod label;
mod words;

use holdfast_domain::context::Path;
use holdfast_domain::id::TabId;
use holdfast_domain::sync::TabInfo;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use self::label::OwnLabel;
use self::words::{idle, name_of, place};
use crate::time::use_now;

/// So many colours there are for peers.
pub(crate) const COLOURS: usize = 8;

/// People and tabs, in the right column.
#[component]
pub(crate) fn PresenceList() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    // A row stays the same element while its tab moves about.
    let tabs = move || session.tabs.read().iter().map(|tab| tab.tab).collect::<Vec<_>>();
    view! {
        <section class="panel-section" aria-labelledby="presence-title">
            <div class="panel-head">
                <h2 class="label" id="presence-title">
                    "People and tabs"
                </h2>
            </div>
            <ul class="presence-list">
                <For each=tabs key=|tab| *tab let:tab>
                    <Presence tab=tab />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Presence(tab: TabId) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let now = use_now();
    let found = Memo::new(move |_| {
        let tabs = session.tabs.read();
        let found = tabs.iter().enumerate().find(|(_, info)| info.tab == tab);
        found.map(|(number, info)| (number % COLOURS, info.clone()))
    });
    let of_tab = move |read: &dyn Fn(&TabInfo) -> String| {
        found.with(|found| found.as_ref().map(|(_, info)| read(info)).unwrap_or_default())
    };
    let is_this = move || session.tab.get() == Some(tab);
    let is_idle = move || {
        found.with(|found| found.as_ref().is_some_and(|(_, info)| idle(info, now.get()).is_some()))
    };
    let state = move || match (is_this(), is_idle()) {
        (true, _) => "this",
        (false, true) => "idle",
        (false, false) => "active",
    };
    let colour = move || {
        let number = found.with(|found| found.as_ref().map(|(number, _)| number.to_string()));
        number.filter(|_| state() != "idle")
    };
    // The field's name changes with the field.
    let name_of_place = move |path: &str| {
        let path: Path = path.parse().ok()?;
        Some(name_of(&path, |path| session.get(path)))
    };
    let where_it_is = move || {
        let now_ms = if is_this() { None } else { Some(now.get()) };
        of_tab(&|info| place(info, now_ms, name_of_place))
    };
    view! {
        <li class="presence" data-state=state data-peer=colour>
            <span class="presence-mark">
                <span class="presence-dot"></span>
            </span>
            <Show
                when=is_this
                fallback=move || {
                    view! {
                        <span class="presence-name">{move || of_tab(&|info| info.label.clone())}</span>
                    }
                }
            >
                <OwnLabel label=Signal::derive(move || of_tab(&|info| info.label.clone())) />
            </Show>
            <span class="presence-place" title=where_it_is>
                {where_it_is}
            </span>
        </li>
    }
}
