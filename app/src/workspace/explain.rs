//! In place of the work: why what the address names is not shown, and what can be opened instead.

use holdfast_domain::id::SessionId;
use holdfast_session::{Notice, SessionOptions, use_session};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::{Part, SCROLLED};
use crate::focus;
use crate::icon::{Icon, IconName};
use crate::sessions::Steps;

/// What the notice comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Unknown,
    NotReachable,
    /// It can be brought back.
    Deleted(SessionId),
    Destroyed,
}

impl Why {
    fn of(notice: Option<&Notice>) -> Self {
        match notice {
            Some(Notice::NotReachable { .. }) => Self::NotReachable,
            Some(Notice::Gone { asked, until_ms: Some(_), .. }) => Self::Deleted(*asked),
            Some(Notice::Gone { until_ms: None, .. }) => Self::Destroyed,
            _ => Self::Unknown,
        }
    }
}

/// The explanation of a [`Notice::NotFound`], [`Notice::NotReachable`] or [`Notice::Gone`].
#[component]
pub(super) fn Explain() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let navigate = use_navigate();
    let steps = Steps::of_page();
    let why = Memo::new(move |_| session.notice.with(|notice| Why::of(notice.as_ref())));
    let heading = move || match why.get() {
        Why::Unknown => "There is no such session",
        Why::NotReachable => "This session is not on this device",
        Why::Deleted(_) => "This session was deleted",
        Why::Destroyed => "This session is gone for good",
    };
    let text = move || match why.get() {
        Why::Deleted(_) => {
            "It can still be brought back, with everything that was in it. Your other sessions are in the list."
        }
        Why::Destroyed => {
            "It was deleted, and the time in which it could be brought back is over. Your other sessions are \
             in the list."
        }
        Why::Unknown => {
            "The link may be mistyped, or the session was deleted or belongs to another account. \
             Nothing of yours is lost: your sessions are in the list."
        }
        Why::NotReachable => {
            "It is kept on the server, which does not answer right now. Open it again when the network \
             is back; everything on this device is here."
        }
    };
    let open = move |_| {
        if let Some(id) = session.id.get_untracked() {
            session.dismiss_notice();
            focus::on(SCROLLED);
            navigate(&Part::Notes.of(id), leptos_router::NavigateOptions::default());
        }
    };
    let create = move |_| {
        session.dismiss_notice();
        focus::on(SCROLLED);
        session.create(None);
    };
    let bring_back = move || match why.get() {
        Why::Deleted(id) => Some(view! {
            <button type="button" class="button" on:click=move |_| steps.bring_back(id)>
                <Icon name=IconName::Restore />
                "Bring it back"
            </button>
        }),
        _ => None,
    };
    view! {
        <section class="explain" aria-labelledby="explain-title">
            <Icon name=IconName::Search />
            <h1 id="explain-title">{heading}</h1>
            <p>{text}</p>
            <div class="explain-actions">
                <button type="button" class="button button-primary" on:click=open>
                    {move || format!("Open {}", session.name.get())}
                </button>
                {bring_back}
                <button type="button" class="button" on:click=create>
                    <Icon name=IconName::Plus />
                    "New session"
                </button>
            </div>
        </section>
    }
}
