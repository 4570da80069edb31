//! The signed-in browsers.

use holdfast_domain::account::SignedIn;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::agent::device_name;
use super::functions::{end_other_sign_ins, end_sign_in, list_sign_ins};
use crate::skeletons::Skeletons;
use crate::time::{ago, datetime, use_now};
use crate::toasts::Toasts;

/// The part of the account's page.
#[component]
pub(super) fn Devices() -> impl IntoView {
    let toasts = Toasts::of_page();
    let list = LocalResource::new(list_sign_ins);
    let end_others = move |_| {
        spawn_local(async move {
            match end_other_sign_ins().await {
                Ok(1) => toasts.say("One other browser is signed out."),
                Ok(number) => toasts.say(format!("{number} other browsers are signed out.")),
                Err(fault) => {
                    toasts.fail(format!("Not signed out. {}", holdfast_domain::Error::from(fault)));
                }
            }
            list.refetch();
        });
    };
    let others = move || {
        list.get().and_then(Result::ok).is_some_and(|list| list.iter().any(|one| !one.current))
    };
    view! {
        <section class="account-part">
            <h2>"Signed-in browsers"</h2>
            <Suspense fallback=Skeletons>
                {move || {
                    list.get()
                        .map(|answer| match answer {
                            Ok(all) => {
                                view! {
                                    <ul class="devices">
                                        {all
                                            .into_iter()
                                            .map(|one| {
                                                view! { <Device sign_in=one list=list /> }
                                            })
                                            .collect_view()}
                                    </ul>
                                }
                                    .into_any()
                            }
                            Err(fault) => {
                                let error = holdfast_domain::Error::from(fault);
                                view! {
                                    <p class="muted">
                                        {format!("They cannot be read right now. {error}")}
                                    </p>
                                }
                                    .into_any()
                            }
                        })
                }}
            </Suspense>
            <Show when=others>
                <button type="button" class="button" on:click=end_others>
                    "Sign out all others"
                </button>
            </Show>
        </section>
    }
}

#[component]
fn Device(
    sign_in: SignedIn,
    list: LocalResource<Result<Vec<SignedIn>, crate::Fault>>,
) -> impl IntoView {
    let (toasts, now) = (Toasts::of_page(), use_now());
    let SignedIn { id, device, used_at_ms, current, .. } = sign_in;
    let name = device_name(&device);
    let label = format!("Sign out {name}");
    let end = move |_| {
        spawn_local(async move {
            match end_sign_in(id).await {
                Ok(()) => toasts.say("Signed out there."),
                Err(fault) => {
                    toasts.fail(format!("Not signed out. {}", holdfast_domain::Error::from(fault)));
                }
            }
            list.refetch();
        });
    };
    let used = move || match (current, ago(used_at_ms, now.get())) {
        (true, _) => "this browser".to_owned(),
        (false, ago) if ago == "now" => "used just now".to_owned(),
        (false, ago) => format!("used {ago} ago"),
    };
    view! {
        <li class="device">
            <span class="device-name" title=device>
                {name}
            </span>
            <time class="muted" datetime=datetime(used_at_ms)>
                {used}
            </time>
            {(!current)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button button-small"
                            aria-label=label
                            on:click=end
                        >
                            "Sign out"
                        </button>
                    }
                })}
        </li>
    }
}
