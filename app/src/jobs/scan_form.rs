//! Asking for a scan: which location, which folder of it.

use holdfast_domain::Error;
use holdfast_domain::job::ScanParams;
use holdfast_session::{SessionOptions, start_scan, use_session, use_view_state};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::functions::{list_folder, list_locations};
use super::words::number;
use crate::icon::{Icon, IconName};
use crate::still::when_still;
use crate::toasts::Toasts;

/// The form. Half filled in, it comes back with the session (CTX-11).
#[component]
pub(super) fn ScanForm(
    /// Called when the scan was asked for.
    done: Callback<()>,
) -> impl IntoView {
    let (session, toasts) = (use_session(SessionOptions::default()), Toasts::of_page());
    let (location, set_location) = use_view_state("scan-location", String::new());
    let (path, set_path) = use_view_state("scan-path", String::new());
    let (duplicates, set_duplicates) = use_view_state("scan-duplicates", true);
    let (wrong, waits) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let locations = LocalResource::new(list_locations);
    let names = Memo::new(move |_| match locations.get() {
        Some(Ok(all)) => all.into_iter().map(|one| one.name).collect::<Vec<_>>(),
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
    let none = move || matches!(locations.get(), Some(Ok(all)) if all.is_empty());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let params = ScanParams {
            location: chosen.get_untracked(),
            path: path.get_untracked(),
            duplicates: duplicates.get_untracked(),
        };
        waits.set(true);
        leptos::task::spawn_local(async move {
            let asked = start_scan(session, params).await;
            waits.set(false);
            match asked {
                Ok(_) => done.run(()),
                Err(Error::InvalidValue { reason, .. }) => wrong.set(Some(reason)),
                Err(error) => toasts.fail(error.to_string()),
            }
        });
    };
    view! {
        <form class="job-form card" on:submit=submit aria-label="Scan a location">
            <div class="form-field">
                <label for="scan-location">"Location"</label>
                <select
                    class="input"
                    id="scan-location"
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
                <Show when=none>
                    <p class="muted">
                        "There is no location that you may use. An operator adds some in holdfast.toml."
                    </p>
                </Show>
            </div>
            <div class="form-field">
                <label for="scan-path">"Folder"</label>
                <input
                    class="input"
                    id="scan-path"
                    placeholder="All of it"
                    autocomplete="off"
                    aria-describedby="scan-wrong"
                    aria-invalid=move || wrong.get().is_some().to_string()
                    prop:value=move || path.get()
                    on:input:target=move |event| {
                        set_path.run(event.target().value());
                        wrong.set(None);
                    }
                />
                <p class="form-error" id="scan-wrong" role="alert">
                    {move || wrong.get()}
                </p>
                <Folders location=chosen path=path set_path=set_path />
            </div>
            <label class="form-check">
                <input
                    type="checkbox"
                    prop:checked=move || duplicates.get()
                    on:change:target=move |event| set_duplicates.run(event.target().checked())
                />
                <span>"Read contents, to find what is there more than once"</span>
            </label>
            <div class="form-foot">
                <button type="button" class="button" on:click=move |_| done.run(())>
                    "Close"
                </button>
                <button
                    type="submit"
                    class="button button-primary"
                    disabled=move || waits.get() || chosen.read().is_empty()
                >
                    "Start the scan"
                </button>
            </div>
        </form>
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
