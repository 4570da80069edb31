//! What is where: this tab, this device, the server, other tabs.

use holdfast_domain::sync::{SaveStatus, StorageTier};
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use super::words::{changes, waiting};
use crate::focus;
use crate::icon::{Icon, IconName};
use crate::panels::Panels;
use crate::time::clock;

/// One place where the work is, or is not.
struct Place {
    /// `kept`, `waiting`, `failed` or `unknown`.
    state: &'static str,
    name: &'static str,
    detail: String,
}

impl Place {
    fn new(state: &'static str, name: &'static str, detail: impl Into<String>) -> Self {
        Self { state, name, detail: detail.into() }
    }
}

/// The popover behind the indicator.
#[component]
pub(super) fn Detail(
    /// What the indicator shows.
    status: Memo<Option<SaveStatus>>,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let places = move || {
        let status = status.get();
        let mut places = vec![
            Place::new("kept", "This tab", "now"),
            device(status.as_ref(), session.tier.get()),
            server(status.as_ref()),
        ];
        let others = session.tabs.get().len().saturating_sub(1);
        if others > 0 {
            let detail = if others == 1 { "1 open".into() } else { format!("{others} open") };
            places.push(Place::new("kept", "Other tabs here", detail));
        }
        places.into_iter().map(row).collect_view()
    };
    let note = move || match status.get() {
        Some(SaveStatus::NotSaved { reason, .. }) => Some(reason),
        Some(SaveStatus::Offline { .. }) => {
            Some("It is tried again by itself, and at once when the network is back.".to_owned())
        }
        _ => None,
    };
    let unsaved = move || status.get().is_some_and(|status| waiting(&status) > 0);
    view! {
        <div
            class="popover where"
            id="where"
            popover
            role="group"
            tabindex="-1"
            aria-labelledby="where-title"
            on:toggle=Panels::toggled()
        >
            <h2 id="where-title">"Where your work is"</h2>
            <ul class="where-list">{places}</ul>
            {move || note().map(|note| view! { <p class="where-note">{note}</p> })}
            <Show when=unsaved>
                <div class="where-actions">
                    <button
                        type="button"
                        class="button button-small"
                        on:click=move |_| {
                            // The button goes when it is done.
                            focus::now("where");
                            session.save_now();
                        }
                    >
                        "Save now"
                    </button>
                </div>
            </Show>
        </div>
    }
}

fn row(place: Place) -> impl IntoView {
    let icon = match place.state {
        "kept" => Some(IconName::Check),
        "failed" => Some(IconName::Close),
        _ => None,
    };
    view! {
        <li class="where-row" data-state=place.state>
            <span class="where-mark">{icon.map(|name| view! { <Icon name=name /> })}</span>
            <span class="where-name">{place.name}</span>
            <span class="where-detail">{place.detail}</span>
        </li>
    }
}

fn device(status: Option<&SaveStatus>, tier: StorageTier) -> Place {
    let name = "This device";
    if tier == StorageTier::Memory {
        return Place::new("failed", name, "keeps nothing for this page");
    }
    match status {
        None => Place::new("unknown", name, "being read"),
        Some(SaveStatus::Saving { .. }) => Place::new("waiting", name, "being written"),
        Some(
            SaveStatus::OnDevice { waiting, at_ms }
            | SaveStatus::Offline { waiting, at_ms: Some(at_ms) },
        ) => Place::new("kept", name, format!("{} · {}", clock(*at_ms), changes(*waiting))),
        Some(SaveStatus::Offline { at_ms: None, .. } | SaveStatus::Saved { .. }) => {
            Place::new("kept", name, "everything")
        }
        Some(SaveStatus::NotSaved { waiting, .. }) => {
            Place::new("unknown", name, format!("{} not confirmed", changes(*waiting)))
        }
    }
}

fn server(status: Option<&SaveStatus>) -> Place {
    let name = "Server";
    match status {
        None => Place::new("unknown", name, "not asked yet"),
        Some(SaveStatus::Saved { at_ms: Some(at_ms) }) => {
            Place::new("kept", name, format!("{} · confirmed", clock(*at_ms)))
        }
        Some(SaveStatus::Saved { at_ms: None }) => Place::new("kept", name, "nothing to save"),
        Some(SaveStatus::Offline { waiting: 0, .. }) => {
            Place::new("unknown", name, "cannot be reached")
        }
        Some(SaveStatus::NotSaved { waiting, .. }) => {
            Place::new("failed", name, format!("{waiting} waiting"))
        }
        Some(status) => Place::new("waiting", name, format!("{} waiting", waiting(status))),
    }
}
