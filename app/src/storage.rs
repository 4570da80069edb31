//! What this browser keeps, where that is not as it should be: told, and made anew where it does not come
//! back by itself (CTX-3).

mod functions;

use holdfast_domain::sync::StorageTier;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use functions::*;

use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};
use crate::toasts::Toasts;

/// A bar as long as the journal is not in the browser's database.
#[component]
pub(crate) fn StorageBar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let renewing = RwSignal::new(false);
    let text = move || match session.tier.get() {
        StorageTier::IndexedDb => None,
        StorageTier::LocalStorage => Some(
            "This browser's database does not work, so your work is kept in its simple storage and \
             every change goes to the server at once.",
        ),
        StorageTier::Memory => Some(
            "This browser keeps nothing on disk for this page. Your changes go to the server at once; \
             do not close the tab while they wait.",
        ),
    };
    view! {
        {move || {
            text()
                .map(|text| {
                    view! {
                        <div class="bar" data-tone="warning" data-code="storage">
                            <Icon name=IconName::Warning />
                            <p class="bar-text">{text}</p>
                            <button
                                type="button"
                                class="button-plain"
                                on:click=move |_| renewing.set(true)
                            >
                                "Repair…"
                            </button>
                        </div>
                    }
                })
        }}
        <RenewDialog open=renewing />
    }
}

/// The question, and what follows a yes.
#[component]
fn RenewDialog(open: RwSignal<bool>) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    let renew = move |_| {
        spawn_local(async move {
            match session.renew_storage().await {
                // Only refused where the page may not navigate at all.
                Ok(()) => drop(window().location().reload()),
                Err(error) => toasts.fail(format!("Not repaired. {error} Nothing was removed.")),
            }
        });
    };
    view! {
        <Dialog
            open=open
            id="renew-storage"
            labelledby="renew-storage-title"
            describedby="renew-storage-text"
        >
            <form method="dialog">
                <div class="dialog-head">
                    <h2 class="dialog-title" id="renew-storage-title">
                        "Begin anew with what this browser keeps?"
                    </h2>
                </div>
                <div class="dialog-body" id="renew-storage-text">
                    <p>
                        "First everything that waits is saved to the server. Then the browser empties what it \
                         keeps for this page, on this device only, and the page loads again with all that \
                         the server has."
                    </p>
                    <p>
                        "Two things do not come back: what the broken database had that never reached the \
                         server and nobody can read, and where you were on the page."
                    </p>
                </div>
                <div class="dialog-foot">
                    <button type="submit" value="cancel" class="button" autofocus>
                        "Cancel"
                    </button>
                    <button type="submit" value="ok" class="button button-primary" on:click=renew>
                        "Begin anew"
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
