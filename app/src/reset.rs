//! Resetting a session: says what goes, offers a snapshot first, and can be undone (SESS-4).

mod consequences;
mod elsewhere;

use holdfast_session::{SessionOptions, UseSession, use_session};
use leptos::html;
use leptos::prelude::*;

use self::consequences::{Contents, goes};
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};
use crate::toasts::Toasts;

/// What the snapshot of before is called: the session layer names it.
const SNAPSHOT: &str = "Before reset";

/// The reset of the page.
#[derive(Clone, Copy)]
pub(crate) struct Resetting {
    session: UseSession,
    toasts: Toasts,
    open: RwSignal<bool>,
}

impl Resetting {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let resetting = Self {
            session: use_session(SessionOptions::default()),
            toasts: Toasts::of_page(),
            open: RwSignal::new(false),
        };
        provide_context(resetting);
        elsewhere::tell(resetting.session, resetting.toasts);
        resetting
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Asks about the open session.
    pub(crate) fn ask(self) {
        self.open.set(true);
    }

    fn reset(self, snapshot_first: bool) {
        // The form would not: its button is disabled as soon as there is nothing left to clear.
        self.open.set(false);
        match self.session.reset(snapshot_first) {
            Ok(undo) => self.toasts.offer_undo("Session reset", move || {
                match self.session.undo_reset(undo.clone()) {
                    Ok(()) => self.toasts.say("Everything is back"),
                    Err(error) => self.toasts.fail(format!("Not undone. {error}")),
                }
            }),
            Err(error) => self.toasts.fail(format!("Not reset, nothing was cleared. {error}")),
        }
    }
}

/// The dialog; once in a page.
#[component]
pub(crate) fn ResetDialog() -> impl IntoView {
    let resetting = Resetting::of_page();
    view! {
        <Dialog
            open=resetting.open
            id="reset"
            labelledby="reset-title"
            describedby="reset-text"
        >
            <Reset />
        </Dialog>
    }
}

#[component]
fn Reset() -> impl IntoView {
    let resetting = Resetting::of_page();
    let session = resetting.session;
    let snapshot_first = RwSignal::new(true);
    let contents = Memo::new(move |_| session.context.with(Contents::of));
    let node = NodeRef::<html::Input>::new();
    let snapshots = move || match session.snapshots.read().len() {
        0 => "Its name stays.".to_owned(),
        1 => "Its name and its snapshot stay.".to_owned(),
        number => format!("Its name and all {number} snapshots stay."),
    };
    let way_back = move || match snapshot_first.get() {
        true => "What goes is kept as a snapshot of yours.",
        false => "It can be undone for as long as the history goes back.",
    };
    let button = move || match snapshot_first.get() {
        true => "Take a snapshot and reset",
        false => "Reset",
    };
    view! {
        <form method="dialog">
            <div class="dialog-head">
                <div>
                    <h2 class="dialog-title" id="reset-title">
                        {move || format!("Reset “{}”?", session.name.get())}
                    </h2>
                    <p id="reset-text">"It becomes an empty session, here and on every device."</p>
                </div>
                <button
                    type="submit"
                    value="cancel"
                    class="icon-button"
                    aria-label="Close"
                    formnovalidate
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <div class="dialog-body">
                <ul class="consequences">
                    <li data-kind="goes">
                        <Icon name=IconName::Close />
                        <span>{move || goes(contents.get())}</span>
                    </li>
                    <li data-kind="stays">
                        <Icon name=IconName::Check />
                        <span>{snapshots}</span>
                    </li>
                    <li data-kind="stays">
                        <Icon name=IconName::Check />
                        <span>{way_back}</span>
                    </li>
                </ul>
                <label class="check">
                    <input
                        type="checkbox"
                        name="snapshot"
                        node_ref=node
                        prop:checked=move || snapshot_first.get()
                        on:change=move |_| {
                            if let Some(input) = node.get_untracked() {
                                snapshot_first.set(input.checked());
                            }
                        }
                    />
                    "Take a snapshot first"
                </label>
            </div>
            <div class="dialog-foot">
                <button type="submit" value="cancel" class="button" autofocus>
                    "Cancel"
                </button>
                <button
                    type="submit"
                    value="reset"
                    class="button button-danger"
                    disabled=move || contents.get().is_empty()
                    on:click=move |_| resetting.reset(snapshot_first.get_untracked())
                >
                    {button}
                </button>
            </div>
        </form>
    }
}
