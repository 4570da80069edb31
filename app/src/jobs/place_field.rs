//! Choosing a location, and a folder of it.

use holdfast_domain::location::Place;
use holdfast_session::use_view_state;
use leptos::prelude::*;

use super::functions::{list_folder, list_locations};
use super::words::number;
use crate::icon::{Icon, IconName};
use crate::still::when_still;

/// What is chosen. Half filled in, it comes back with the session (CTX-11).
#[derive(Clone, Copy)]
pub(super) struct PlaceChoice {
    /// What the fields' ids begin with.
    name: &'static str,
    names: Memo<Vec<String>>,
    none: Signal<bool>,
    chosen: Memo<String>,
    set_location: Callback<String>,
    path: Signal<String>,
    set_path: Callback<String>,
    /// What is wrong with it, in words.
    pub(super) wrong: RwSignal<Option<String>>,
}

impl PlaceChoice {
    /// For a form; `written`: only locations that may be written to.
    pub(super) fn new(name: &'static str, written: bool) -> Self {
        let (location, set_location) = use_view_state(&format!("{name}-location"), String::new());
        let (path, set_path) = use_view_state(&format!("{name}-path"), String::new());
        let locations = LocalResource::new(list_locations);
        let names = Memo::new(move |_| match locations.get() {
            Some(Ok(all)) => {
                let usable = all.into_iter().filter(|one| one.writable || !written);
                usable.map(|one| one.name).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        });
        // The one that was chosen, as long as there is such a one.
        let chosen = Memo::new(move |_| {
            let (names, location) = (names.read(), location.get());
            match names.contains(&location) {
                true => location,
                false => names.first().cloned().unwrap_or_default(),
            }
        });
        let read = move || matches!(locations.get(), Some(Ok(_)));
        let none = Signal::derive(move || read() && names.read().is_empty());
        let wrong = RwSignal::new(None);
        Self { name, names, none, chosen, set_location, path, set_path, wrong }
    }

    /// Whether nothing can be chosen, or not yet.
    pub(super) fn is_empty(self) -> bool {
        self.chosen.read().is_empty()
    }

    /// What is chosen now.
    pub(super) fn place(self) -> Place {
        Place { location: self.chosen.get_untracked(), path: self.path.get_untracked() }
    }
}

/// The fields.
#[component]
pub(super) fn PlaceField(
    choice: PlaceChoice,
    /// What the location is for.
    label: &'static str,
    /// What the folder is for.
    folder: &'static str,
    /// What is said where there is no location.
    without: &'static str,
) -> impl IntoView {
    let PlaceChoice { name, names, none, chosen, set_location, path, set_path, wrong } = choice;
    let id = move |of: &str| format!("{name}-{of}");
    view! {
        <div class="form-field">
            <label for=id("location")>{label}</label>
            <select
                class="input"
                id=id("location")
                on:change:target=move |event| {
                    set_location.run(event.target().value());
                    set_path.run(String::new());
                }
                prop:value=move || chosen.get()
            >
                <For each=move || names.get() key=Clone::clone let:name>
                    <option value=name.clone() selected=chosen.get_untracked() == name>
                        {name.clone()}
                    </option>
                </For>
            </select>
            <Show when=move || none.get()>
                <p class="muted">{without}</p>
            </Show>
        </div>
        <div class="form-field">
            <label for=id("path")>{folder}</label>
            <input
                class="input"
                id=id("path")
                placeholder="All of it"
                autocomplete="off"
                aria-describedby=id("wrong")
                aria-invalid=move || wrong.read().is_some().to_string()
                prop:value=move || path.get()
                on:input:target=move |event| {
                    set_path.run(event.target().value());
                    wrong.set(None);
                }
            />
            <p class="form-error" id=id("wrong") role="alert">
                {move || wrong.get()}
            </p>
            <Folders location=chosen path=path set_path=set_path />
        </div>
    }
}

/// The folders in the one that is chosen, to go into one of them or back.
#[component]
fn Folders(
    location: Memo<String>,
    path: Signal<String>,
    set_path: Callback<String>,
) -> impl IntoView {
    // Not with every key.
    let still = RwSignal::new(path.get_untracked());
    let mut settle = when_still(move || still.set(path.get_untracked()));
    Effect::new(move |_| {
        path.track();
        settle(());
    });
    let listed = LocalResource::new(move || {
        let (location, path) = (location.get(), still.get());
        async move {
            match location.is_empty() {
                true => None,
                false => list_folder(location, path).await.ok(),
            }
        }
    });
    let folders = move || listed.get().flatten().map(|listed| listed.folders).unwrap_or_default();
    let more = move || {
        let more = listed.get().flatten().map_or(0, |listed| listed.more);
        (more > 0).then(|| format!("There is more here than is shown ({}).", number(more)))
    };
    let into = move |name: &str| {
        let path = path.get_untracked();
        let path = path.trim_matches('/');
        set_path.run(if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") });
    };
    let up = move |_| {
        let path = path.get_untracked();
        let above = path.trim_matches('/').rsplit_once('/').map(|(above, _)| above.to_owned());
        set_path.run(above.unwrap_or_default());
    };
    view! {
        <div class="folders" role="group" aria-label="Folders">
            <Show when=move || !path.read().trim_matches('/').is_empty()>
                <button type="button" class="button button-small" on:click=up>
                    <Icon name=IconName::Undo />
                    "Up"
                </button>
            </Show>
            {move || {
                folders()
                    .into_iter()
                    .map(|name| {
                        let go = name.clone();
                        view! {
                            <button
                                type="button"
                                class="button button-small"
                                on:click=move |_| into(&go)
                            >
                                <Icon name=IconName::Folder />
                                {name}
                            </button>
                        }
                    })
                    .collect_view()
            }}
            <p class="muted">{more}</p>
        </div>
    }
}
