//! When something changed after a restore: what its undo would leave alone.

use leptos::prelude::*;

use super::differences::DifferenceList;
use super::restoring::Restoring;
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};

/// The dialog in which a person decides about the rest.
#[component]
pub(super) fn UndoDialog() -> impl IntoView {
    let restoring = Restoring::of_page();
    let rows = move || restoring.rest.get().map(|rest| rest.rows).unwrap_or_default();
    let close = move |_| restoring.asks.set(false);
    let undo = move |_| {
        restoring.asks.set(false);
        restoring.undo_rest();
    };
    view! {
        <Dialog
            open=restoring.asks
            class="dialog dialog-wide"
            id="undo-restore"
            labelledby="undo-restore-title"
        >
            <div class="dialog-head">
                <div>
                    <h2 class="dialog-title" id="undo-restore-title">
                        "Some of it changed since"
                    </h2>
                    <p>"These were changed after the restore. They stay as they are now."</p>
                </div>
                <button type="button" class="icon-button" aria-label="Close" on:click=close>
                    <Icon name=IconName::Close />
                </button>
            </div>
            <div class="dialog-body" tabindex="0">
                {move || view! { <DifferenceList rows=rows() stays=true /> }}
            </div>
            <div class="dialog-foot">
                <p class="dialog-note">"Nothing was undone yet."</p>
                <button type="button" class="button" autofocus on:click=close>
                    "Cancel"
                </button>
                <button type="button" class="button button-primary" on:click=undo>
                    <Icon name=IconName::Undo />
                    "Undo the rest"
                </button>
            </div>
        </Dialog>
    }
}
