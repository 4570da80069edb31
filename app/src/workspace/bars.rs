//! Lines over the work that stay as long as what they say is true.

mod lost;
mod state;

use holdfast_domain::Error;
use holdfast_domain::sync::SaveStatus;
use holdfast_session::{Notice, SessionOptions, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::lost::{created_again, offer};
use self::state::{StateBar, is_told};
use super::SCROLLED;
use crate::accounts::Screen;
use crate::developer::DeveloperBar;
use crate::first::use_first_content;
use crate::focus;
use crate::icon::{Icon, IconName};
use crate::indicator::{INDICATOR, changes};
use crate::setup::is_insecure;
use crate::storage::StorageBar;
use crate::toasts::Toasts;

/// The bars; empty when all is well.
#[component]
pub(super) fn Bars() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let network = move || match session.status.get() {
        SaveStatus::Offline { waiting: 0, .. } => {
            Some(("offline", "Offline - everything is kept on this device.".to_owned()))
        }
        SaveStatus::Offline { waiting, .. } => Some((
            "offline",
            format!("Offline - everything is kept on this device ({} waiting).", changes(waiting)),
        )),
        // The offer to create it again says it, and what can be done.
        SaveStatus::NotSaved { code, .. }
            if code == Error::NotFound.code()
                && matches!(session.notice.get(), Some(Notice::LostOnServer { .. })) =>
        {
            None
        }
        // A bar of its own says it, and what can be done.
        SaveStatus::NotSaved { code, .. } if is_told(&code) || is_signed_out(&code) => None,
        SaveStatus::NotSaved { reason, .. } => Some(("danger", reason)),
        _ => None,
    };
    let try_now = move |_| {
        session.save_now();
        // The bar goes when it worked; whether it did is said there.
        focus::now(INDICATOR);
    };
    let toasts = Toasts::of_page();
    // Of edits that nobody waits for, as those of a bound text.
    Effect::new(move |_| {
        if let Some(error) = session.error.get() {
            toasts.fail(format!("Not changed. {error}"));
        }
    });
    view! {
        <div class="bars" role="status">
            <noscript>
                <p class="noscript-notice">
                    "You can read this page without JavaScript. Writing, searching and restoring need it."
                </p>
                <div inner_html=use_first_content().rest></div>
            </noscript>
            <InsecureBar />
            <DeveloperBar />
            <StorageBar />
            {move || {
                network()
                    .map(|(tone, text)| {
                        let icon = match tone {
                            "offline" => IconName::CloudOff,
                            _ => IconName::Warning,
                        };
                        view! {
                            <div class="bar" data-tone=tone>
                                <Icon name=icon />
                                <p class="bar-text">{text}</p>
                                <button type="button" class="button-plain" on:click=try_now>
                                    "Try now"
                                </button>
                            </div>
                        }
                    })
            }}
            <SignedOutBar />
            <StateBar />
            <NoticeBar />
        </div>
    }
}

/// As long as the operator lets the cookie go over plain HTTP (SEC-2). Without JavaScript too.
#[component]
fn InsecureBar() -> impl IntoView {
    is_insecure()
        .then(|| {
            view! {
                <div class="bar" data-tone="warning" data-code="insecure">
                    <Icon name=IconName::Warning />
                    <p class="bar-text">
                        "This server is reached without encryption: others on this network can read what is sent, and sign in as you."
                    </p>
                </div>
            }
        })
}

/// The page is of an account that this browser is not signed in to any more: from another device, by an operator, or in
/// another tab that this one did not hear of.
fn is_signed_out(code: &str) -> bool {
    let codes = [Error::NotSignedIn, Error::OtherAccount, Error::AccountDisabled];
    codes.iter().any(|error| error.code() == code)
}

/// Says that nothing is lost, and leads to where one signs in.
#[component]
fn SignedOutBar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let signed_out = Memo::new(move |_| match session.status.get() {
        SaveStatus::NotSaved { code, .. } => is_signed_out(&code),
        _ => false,
    });
    view! {
        <Show when=move || signed_out.get()>
            <div class="bar" data-tone="danger" data-code="signed_out">
                <Icon name=IconName::Warning />
                <p class="bar-text">
                    "This browser was signed out. Everything is kept on this device, and saved when you sign in again."
                </p>
                // Loaded anew: the page is nobody's any more.
                <a class="button-plain" href=Screen::SignIn.address() rel="external">
                    "Sign in"
                </a>
            </div>
        </Show>
    }
}

/// What happened to the session as a whole, with what can be done about it.
#[component]
fn NoticeBar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let bar =
        move |code: &'static str, text: String, action: Option<(&'static str, Callback<()>)>| {
            let action = action.map(|(label, act)| {
                view! {
                    <button
                        type="button"
                        class="button-plain"
                        on:click=move |_| {
                            focus::now(SCROLLED);
                            act.run(());
                        }
                    >
                        {label}
                    </button>
                }
            });
            view! {
                <div class="bar" data-tone="warning" data-code=code>
                    <Icon name=IconName::Warning />
                    <p class="bar-text">{text}</p>
                    {action}
                    <button
                        type="button"
                        class="icon-button"
                        aria-label="Dismiss"
                        on:click=move |_| {
                            focus::now(SCROLLED);
                            session.dismiss_notice();
                        }
                    >
                        <Icon name=IconName::Close />
                    </button>
                </div>
            }
        };
    let toasts = Toasts::of_page();
    let create_again = Callback::new(move |()| {
        spawn_local(async move {
            match session.create_again().await {
                Ok(created) => {
                    if let Some(text) = created_again(created) {
                        toasts.say(text);
                    }
                }
                Err(error) => toasts.fail(format!("Not all created again. {error}")),
            }
        });
    });
    move || match session.notice.get()? {
        Notice::LostOnServer { sessions, signed_out } => {
            let here = sessions.as_slice() == session.id.get().as_slice();
            let (label, text) = offer(sessions.len(), here, signed_out);
            Some(bar("lost_on_server", text, Some((label, create_again))))
        }
        Notice::ReloadOffered => Some(bar(
            "unsupported_version",
            "Another version of this page is open. Reload when it suits you; nothing is lost."
                .into(),
            Some(("Reload", Callback::new(|()| reload()))),
        )),
        Notice::Damaged { records } => Some(bar(
            "damaged",
            format!(
                "{} kept on this device could not be read. The rest is open.",
                changes(records)
            ),
            None,
        )),
        Notice::Refused { error } => Some(bar(
            error.code(),
            format!("A change from another tab was refused. {error} Your work is as it was."),
            None,
        )),
        Notice::SecretLike { path } => Some(bar(
            "secret_like",
            format!("“{path}” looks like a secret. What is in a session is not made for secrets."),
            None,
        )),
        _ => None,
    }
}

fn reload() {
    // Only refused where the page may not navigate at all.
    let _ = window().location().reload();
}
