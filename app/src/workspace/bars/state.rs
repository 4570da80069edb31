//! What the session's state means for who works in it, and the way back (SESS-1).

use holdfast_domain::Error;
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::sync::SaveStatus;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::focus;
use crate::icon::{Icon, IconName};
use crate::indicator::changes;
use crate::sessions::Steps;
use crate::toasts::Toasts;
use crate::workspace::SCROLLED;

/// How many changes wait here that the server does not take, because the session is read-only.
fn waiting(status: &SaveStatus) -> Option<u32> {
    match status {
        SaveStatus::NotSaved { code, waiting, .. } if is_told(code) => Some(*waiting),
        _ => None,
    }
}

/// Whether the bar says what this code of a status means.
pub(super) fn is_told(code: &str) -> bool {
    code == Error::Archived.code() || code == Error::Gone { until_ms: None }.code()
}

/// What is said, and which step leads back.
fn words(state: SessionState, waiting: u32) -> Option<(String, Step, &'static str)> {
    let waits = match waiting {
        0 => String::new(),
        _ => {
            format!(" {} made before are safe on this device and not in it yet.", changes(waiting))
        }
    };
    match state {
        SessionState::Completed => {
            Some(("This session is completed.".into(), Step::Reopen, "Reopen"))
        }
        SessionState::Archived => Some((
            format!("This session is archived: it can be read, not changed.{waits}"),
            Step::Unarchive,
            "Take out of the archive",
        )),
        SessionState::Deleted => {
            Some((format!("This session was deleted.{waits}"), Step::Undelete, "Bring it back"))
        }
        SessionState::Active | SessionState::Abandoned => None,
    }
}

/// Stays as long as the session is in that state.
#[component]
pub(super) fn StateBar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (steps, toasts) = (Steps::of_page(), Toasts::of_page());
    let said = Memo::new(move |_| {
        let waiting = session.status.with(waiting);
        words(session.state.get(), waiting.unwrap_or(0)).map(|(text, step, label)| {
            (text, step, label, waiting.is_some_and(|waiting| waiting > 0))
        })
    });
    let keep_copy = move |_| {
        focus::now(SCROLLED);
        spawn_local(async move {
            match session.keep_copy().await {
                Ok(_) => toasts.say("This is a copy, with everything that was on this device."),
                Err(error) => toasts.fail(format!("Not copied. {error}")),
            }
        });
    };
    move || {
        let (text, step, label, waits) = said.get()?;
        let go_back = move |_| {
            focus::now(SCROLLED);
            if let Some(id) = session.id.get_untracked() {
                steps.take(id, step);
            }
        };
        let copy = waits.then(|| {
            view! {
                <button type="button" class="button-plain" on:click=keep_copy>
                    "Keep a copy"
                </button>
            }
        });
        Some(view! {
            <div class="bar" data-tone="state">
                <Icon name=IconName::Note />
                <p class="bar-text">{text}</p>
                <button type="button" class="button-plain" on:click=go_back>
                    {label}
                </button>
                {copy}
            </div>
        })
    }
}
