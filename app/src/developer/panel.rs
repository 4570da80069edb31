//! The dialog with the controls.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::functions::expire_sign_in;
use super::journal::JournalView;
use super::{DeveloperControls, seconds};
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};
use crate::toasts::Toasts;

/// How long calls may be made to wait, milliseconds.
const WAITS: [u32; 4] = [0, 500, 3_000, 10_000];

/// Once in a page; nothing where there are no such controls.
#[component]
pub(crate) fn DeveloperDialog() -> impl IntoView {
    DeveloperControls::of_page().map(|controls| {
        view! {
            <Dialog open=controls.open id="developer" labelledby="developer-title">
                <form method="dialog">
                    <div class="dialog-head">
                        <h2 class="dialog-title" id="developer-title">
                            "Developer controls"
                        </h2>
                        <button
                            type="submit"
                            value="cancel"
                            class="icon-button"
                            aria-label="Close"
                            autofocus
                        >
                            <Icon name=IconName::Close />
                        </button>
                    </div>
                    <div class="dialog-body developer">
                        <p class="muted">"In this page only, until it is loaded anew."</p>
                        <Controls controls=controls />
                        <JournalView controls=controls />
                    </div>
                </form>
            </Dialog>
        }
    })
}

#[component]
fn Controls(controls: DeveloperControls) -> impl IntoView {
    let toasts = Toasts::of_page();
    let expire = move |_| {
        spawn_local(async move {
            match expire_sign_in().await {
                Ok(()) => {
                    toasts.say("This browser's sign-in has ended.");
                    // As the page finds out by itself, only sooner.
                    controls.session.save_now();
                    controls.session.refresh();
                }
                Err(fault) => {
                    toasts.fail(format!("Not ended. {}", holdfast_domain::Error::from(fault)));
                }
            }
        });
    };
    let choose_wait = move |chosen: String| controls.set_slow(chosen.parse().unwrap_or(0));
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || controls.offline.get()
                on:change:target=move |event| controls.set_offline(event.target().checked())
            />
            "No network"
        </label>
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || controls.full.get()
                on:change:target=move |event| controls.set_full(event.target().checked())
            />
            "Storage of this browser is full"
        </label>
        <label class="developer-wait">
            "Each call to the server waits "
            <select class="input select" on:change:target=move |event| choose_wait(event.target().value())>
                {WAITS
                    .into_iter()
                    .map(|ms| {
                        view! {
                            <option value=ms.to_string() selected=ms == controls.slow_ms.get_untracked()>
                                {if ms == 0 {
                                    "not at all".to_owned()
                                } else {
                                    format!("{} s", seconds(ms))
                                }}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
        <p class="developer-acts">
            <button
                type="button"
                class="button"
                disabled=move || controls.no_channel.get()
                on:click=move |_| controls.close_channel()
            >
                "Close the channel to other tabs"
            </button>
            <button type="button" class="button" on:click=expire>
                "End this sign-in"
            </button>
        </p>
    }
}
