//! Asking for a scan: which location, which folder of it.

use holdfast_domain::Error;
use holdfast_domain::job::ScanParams;
use holdfast_domain::location::Place;
use holdfast_session::{SessionOptions, start_scan, use_session, use_view_state};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::place_field::{PlaceChoice, PlaceField};
use crate::toasts::Toasts;

/// The form. Half filled in, it comes back with the session (CTX-11).
#[component]
pub(super) fn ScanForm(
    /// Called when the scan was asked for.
    done: Callback<()>,
) -> impl IntoView {
    let (session, toasts) = (use_session(SessionOptions::default()), Toasts::of_page());
    let choice = PlaceChoice::new("scan", false);
    let (duplicates, set_duplicates) = use_view_state("scan-duplicates", true);
    let waits = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Place { location, path } = choice.place();
        let params = ScanParams { location, path, duplicates: duplicates.get_untracked() };
        waits.set(true);
        leptos::task::spawn_local(async move {
            let asked = start_scan(session, params).await;
            waits.set(false);
            match asked {
                Ok(_) => done.run(()),
                Err(Error::InvalidValue { reason, .. }) => choice.wrong.set(Some(reason)),
                Err(error) => toasts.fail(error.to_string()),
            }
        });
    };
    view! {
        <form class="job-form card" on:submit=submit aria-label="Scan a location">
            <PlaceField
                choice=choice
                label="Location"
                folder="Folder"
                without="There is no location that you may use. An operator adds some in holdfast.toml."
            />
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
                    disabled=move || waits.get() || choice.is_empty()
                >
                    "Start the scan"
                </button>
            </div>
        </form>
    }
}
