//! Signing out: everything goes to the server first, then what this device keeps of the account goes (SEC-1, TAB-7).

use holdfast_domain::Error;
use holdfast_domain::session::SessionState;
use holdfast_session::{SessionOptions, UseSession, use_session};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::follow::leave_for;
use super::functions::sign_out;
use crate::dialog::Dialog;
use crate::icon::{Icon, IconName};

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// It is asked.
    Asked,
    /// What waits goes to the server, then the browser is signed out.
    Working,
    /// Not everything came to the server.
    Waiting,
    /// It did not work.
    Failed(Error),
}

/// Asks whether to sign out.
#[derive(Clone, Copy)]
pub(crate) struct SigningOut {
    session: UseSession,
    open: RwSignal<bool>,
    step: RwSignal<Step>,
}

impl SigningOut {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let signing_out = Self {
            session: use_session(SessionOptions::default()),
            open: RwSignal::new(false),
            step: RwSignal::new(Step::Asked),
        };
        provide_context(signing_out);
        signing_out
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Opens the dialog.
    pub(crate) fn ask(self) {
        self.step.set(Step::Asked);
        self.open.set(true);
    }

    /// `keep`: what this device has stays here, and comes to the server with the next sign-in.
    fn go(self, complete: bool, keep: bool) {
        self.step.set(Step::Working);
        spawn_local(async move {
            let step = match self.try_go(complete, keep).await {
                Ok(true) => return leave_for("/"),
                Ok(false) => Step::Waiting,
                Err(error) => Step::Failed(error),
            };
            self.step.try_set(step);
        });
    }

    /// `false`: something waits.
    async fn try_go(self, complete: bool, keep: bool) -> Result<bool, Error> {
        let session = self.session;
        if !keep && !session.flush().await {
            return Ok(false);
        }
        if complete {
            session.complete().await?;
        }
        // Said before: where the page is gone before it hears the answer, nothing stays behind.
        session.forget(!keep);
        match sign_out().await.map_err(Error::from) {
            // Another tab was quicker.
            Ok(()) | Err(Error::NotSignedIn) => {
                // Loaded again meanwhile, a tab may have wanted it to stay.
                session.forget(!keep);
                Ok(true)
            }
            Err(error) => {
                session.forget(false);
                Err(error)
            }
        }
    }
}

/// The dialog.
#[component]
pub(crate) fn SignOutDialog() -> impl IntoView {
    let signing_out = SigningOut::of_page();
    view! {
        <Dialog
            open=signing_out.open
            id="sign-out"
            labelledby="sign-out-title"
            describedby="sign-out-text"
        >
            <Content />
        </Dialog>
    }
}

#[component]
fn Content() -> impl IntoView {
    let signing_out = SigningOut::of_page();
    let SigningOut { session, open, step } = signing_out;
    let complete = NodeRef::<html::Input>::new();
    let completes = move || complete.get_untracked().is_some_and(|input| input.checked());
    let can_complete = move || session.state.get() == SessionState::Active;
    let works = move || step.get() == Step::Working;
    let waits = move || step.get() == Step::Waiting;
    let said = move || {
        match step.get() {
        Step::Asked => String::new(),
        Step::Working => "Saving what waits…".to_owned(),
        Step::Waiting => "Not everything is on the server yet. You can wait until it can be reached, or keep it on \
             this device: nobody else sees it, and it is saved when you sign in here again."
            .to_owned(),
        Step::Failed(error) => format!("Not signed out. {error}"),
    }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !works() {
            signing_out.go(completes(), false);
        }
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-head">
                <div>
                    <h2 class="dialog-title" id="sign-out-title">
                        "Sign out of this browser?"
                    </h2>
                    <p id="sign-out-text">
                        "Everything is saved on the server first. Then this device forgets your sessions, in all tabs."
                    </p>
                </div>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Close"
                    on:click=move |_| open.set(false)
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <div class="dialog-body">
                <Show when=can_complete>
                    <label class="check">
                        <input type="checkbox" name="complete" node_ref=complete />
                        {move || format!("Complete “{}” as well", session.name.get())}
                    </label>
                </Show>
                <p class="account-said" role="status">
                    {said}
                </p>
            </div>
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| open.set(false) autofocus>
                    "Cancel"
                </button>
                <Show when=waits>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| signing_out.go(completes(), true)
                    >
                        "Keep it here and sign out"
                    </button>
                </Show>
                <button
                    type="submit"
                    class="button button-primary"
                    aria-disabled=move || works().then_some("true")
                >
                    {move || if waits() { "Try again" } else { "Sign out" }}
                </button>
            </div>
        </form>
    }
}
