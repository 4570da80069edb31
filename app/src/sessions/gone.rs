//! The sessions that were deleted and can still be brought back (SESS-3).

use holdfast_domain::session::GoneSession;
use holdfast_domain::{Error, Result};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::functions::gone_sessions;
use super::steps::Steps;
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};
use crate::skeletons::Skeletons;
use crate::time::{ago, datetime, moment, use_now};

/// The list of the page.
#[derive(Clone, Copy)]
pub(crate) struct GoneSessions {
    open: RwSignal<bool>,
    /// `None`: not answered yet.
    read: RwSignal<Option<Result<Vec<GoneSession>>>>,
}

impl GoneSessions {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let gone = Self { open: RwSignal::new(false), read: RwSignal::new(None) };
        provide_context(gone);
        gone
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Asks the server, and shows what it says.
    pub(crate) fn show(self) {
        self.read.set(None);
        self.open.set(true);
        spawn_local(async move {
            let read = gone_sessions().await.map_err(Error::from);
            self.read.try_set(Some(read));
        });
    }
}

/// The dialog; once in a page.
#[component]
pub(crate) fn GoneDialog() -> impl IntoView {
    let gone = GoneSessions::of_page();
    view! {
        <Dialog open=gone.open id="gone-sessions" labelledby="gone-title">
            <form method="dialog">
                <div class="dialog-head">
                    <h2 class="dialog-title" id="gone-title">
                        "Deleted sessions"
                    </h2>
                    <button type="submit" value="cancel" class="icon-button" aria-label="Close">
                        <Icon name=IconName::Close />
                    </button>
                </div>
                <div class="dialog-body">
                    {move || match gone.read.get() {
                        None => view! { <Skeletons /> }.into_any(),
                        Some(Err(error)) => {
                            view! { <p role="alert">{format!("They cannot be listed now. {error}")}</p> }
                                .into_any()
                        }
                        Some(Ok(sessions)) if sessions.is_empty() => {
                            view! { <p>"Nothing was deleted that could be brought back."</p> }.into_any()
                        }
                        Some(Ok(sessions)) => {
                            view! {
                                <ul class="gone-list">
                                    {sessions
                                        .into_iter()
                                        .map(|session| view! { <Row session=session /> })
                                        .collect_view()}
                                </ul>
                            }
                                .into_any()
                        }
                    }}
                </div>
            </form>
        </Dialog>
    }
}

#[component]
fn Row(session: GoneSession) -> impl IntoView {
    let (gone, steps, now) = (GoneSessions::of_page(), Steps::of_page(), use_now());
    let GoneSession { id, name, deleted_at_ms, until_ms } = session;
    let label = format!("Bring “{name}” back");
    view! {
        <li class="gone-row">
            <span class="gone-name">{name}</span>
            <span class="gone-time">
                "Deleted "
                <time datetime=datetime(deleted_at_ms)>
                    {move || ago(deleted_at_ms, now.get())}
                </time> ", kept until "
                <time datetime=datetime(until_ms)>{move || moment(until_ms, now.get())}</time>
            </span>
            <button
                type="button"
                class="button button-small"
                aria-label=label
                on:click=move |_| {
                    gone.open.set(false);
                    steps.bring_back(id);
                }
            >
                "Bring back"
            </button>
        </li>
    }
}
