//! In place of the work: why what the address names is not shown, and what can be opened instead.

use holdfast_session::{Notice, SessionOptions, use_session};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::{Part, SCROLLED};
use crate::focus;
use crate::icon::{Icon, IconName};

/// The explanation of a [`Notice::NotFound`] or [`Notice::NotReachable`].
#[component]
pub(super) fn Explain() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let navigate = use_navigate();
    let reachable = move || !matches!(session.notice.get(), Some(Notice::NotReachable { .. }));
    let heading = move || match reachable() {
        true => "There is no such session",
        false => "This session is not on this device",
    };
    let text = move || match reachable() {
        true => {
            "The link may be mistyped, or the session was deleted or belongs to another account. \
             Nothing of yours is lost: your sessions are in the list."
        }
        false => {
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
    view! {
        <section class="explain" aria-labelledby="explain-title">
            <Icon name=IconName::Search />
            <h1 id="explain-title">{heading}</h1>
            <p>{text}</p>
            <div class="explain-actions">
                <button type="button" class="button button-primary" on:click=open>
                    {move || format!("Open {}", session.name.get())}
                </button>
                <button type="button" class="button" on:click=create>
                    <Icon name=IconName::Plus />
                    "New session"
                </button>
            </div>
        </section>
    }
}
