//! Asking for a transfer: from where, to where, and what becomes of files that are there already.

use holdfast_domain::Error;
use holdfast_domain::job::{ConflictPolicy, TransferParams};
use holdfast_session::{SessionOptions, start_transfer, use_session, use_view_state};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::place_field::{PlaceChoice, PlaceField};
use crate::toasts::Toasts;

/// What may become of a file that is there, as a person says it.
const POLICIES: [(ConflictPolicy, &str); 3] = [
    (ConflictPolicy::Skip, "Leave it as it is"),
    (ConflictPolicy::Overwrite, "Replace it"),
    (ConflictPolicy::Rename, "Keep both"),
];

/// The form. Half filled in, it comes back with the session (CTX-11).
#[component]
pub(super) fn TransferForm(
    /// Called when the transfer was asked for.
    done: Callback<()>,
) -> impl IntoView {
    let (session, toasts) = (use_session(SessionOptions::default()), Toasts::of_page());
    let (from, to) =
        (PlaceChoice::new("transfer-from", false), PlaceChoice::new("transfer-to", true));
    let (conflict, set_conflict) = use_view_state("transfer-conflict", ConflictPolicy::Skip);
    let (dry_run, set_dry_run) = use_view_state("transfer-dry-run", false);
    let waits = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let params = TransferParams {
            from: from.place(),
            to: to.place(),
            conflict: conflict.get_untracked(),
            dry_run: dry_run.get_untracked(),
        };
        waits.set(true);
        leptos::task::spawn_local(async move {
            let asked = start_transfer(session, params).await;
            waits.set(false);
            match asked {
                Ok(_) => done.run(()),
                Err(Error::InvalidValue { field, reason }) => {
                    let place = if field == "to" { to } else { from };
                    place.wrong.set(Some(reason));
                }
                Err(error) => toasts.fail(error.to_string()),
            }
        });
    };
    let policies = POLICIES.map(|(policy, words)| {
        view! {
            <label class="form-check">
                <input
                    type="radio"
                    name="transfer-conflict"
                    prop:checked=move || conflict.get() == policy
                    on:change=move |_| set_conflict.run(policy)
                />
                <span>{words}</span>
            </label>
        }
    });
    view! {
        <form class="job-form card" on:submit=submit aria-label="Copy files">
            <div class="form-pair">
                <fieldset>
                    <legend class="label">"From"</legend>
                    <PlaceField
                        choice=from
                        label="Location"
                        folder="Folder"
                        without="There is no location that you may use. An operator adds some in holdfast.toml."
                    />
                </fieldset>
                <fieldset>
                    <legend class="label">"To"</legend>
                    <PlaceField
                        choice=to
                        label="Location"
                        folder="Folder"
                        without="There is no location that may be written to. An operator adds some in holdfast.toml."
                    />
                </fieldset>
            </div>
            <fieldset>
                <legend class="label">"Where another file has the name"</legend>
                <div class="form-choices">{policies.collect_view()}</div>
            </fieldset>
            <label class="form-check">
                <input
                    type="checkbox"
                    prop:checked=move || dry_run.get()
                    on:change:target=move |event| set_dry_run.run(event.target().checked())
                />
                <span>"Only try: say what would be copied"</span>
            </label>
            <div class="form-foot">
                <button type="button" class="button" on:click=move |_| done.run(())>
                    "Close"
                </button>
                <button
                    type="submit"
                    class="button button-primary"
                    disabled=move || waits.get() || from.is_empty() || to.is_empty()
                >
                    "Start copying"
                </button>
            </div>
        </form>
    }
}
