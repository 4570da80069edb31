//! Signing in, with what the guest made here or without it.

use holdfast_domain::Error;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use server_fn::ServerFn;

use super::follow::leave_for;
use super::form::{Field, Problem, Sending, Submit};
use super::functions::{SignIn, sign_in};
use super::screen::Screen;
use crate::time::{datetime, day_name, now_ms};

/// The page.
#[component]
pub(super) fn SignInPage() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let sending = Sending::of::<SignIn>();
    // What a guest has made, they hardly want to leave behind.
    let has_work = Memo::new(move |_| {
        session.context.with(|context| context.as_object().is_some_and(|all| !all.is_empty()))
            || session.sessions.read().len() > 1
    });
    let deleting = move || match sending.problem() {
        Some(Error::AccountDeleting { at_ms }) => Some(at_ms),
        _ => None,
    };
    let send = sending.submit(move |values| async move {
        let bring = values.ticked("bring");
        if bring.is_some() && !session.flush().await {
            let reason = "Not everything you made here is on the server yet. Wait until it is saved, or sign in \
                          without bringing it along: it stays on this device then.";
            return Err(Error::Conflict { reason: reason.into() });
        }
        let (email, password) = (values.text("email"), values.text("password"));
        let keep = values.ticked("keep");
        let account = sign_in(email, password, bring.clone(), keep).await?;
        if bring.is_some() {
            session.give_to(account.id);
        }
        leave_for("/");
        Ok(())
    });
    view! {
        <h1>"Sign in"</h1>
        <p class="muted">"Your sessions, on every device you sign in to."</p>
        <form class="form account-form" method="post" action=SignIn::PATH on:submit=send>
            <Problem sending=sending />
            <Field
                sending=sending
                name="email"
                label="Email address"
                r#type="email"
                autocomplete="username"
                autofocus=true
            />
            <Field
                sending=sending
                name="password"
                label="Password"
                autocomplete="current-password"
            />
            <Show when=move || has_work.get()>
                <label class="check">
                    <input type="checkbox" name="bring" checked />
                    "Bring along what I made here"
                </label>
            </Show>
            {move || {
                deleting()
                    .map(|at_ms| {
                        view! {
                            <label class="check">
                                <input type="checkbox" name="keep" />
                                <span>
                                    "Keep the account, which is going to be deleted on "
                                    <time datetime=datetime(at_ms)>{day_name(at_ms, now_ms())}</time>
                                </span>
                            </label>
                        }
                    })
            }}
            <div class="form-actions">
                <a class="button" href=Screen::Reset.address()>
                    "Forgot the password?"
                </a>
                <Submit sending=sending>"Sign in"</Submit>
            </div>
        </form>
        <p class="account-else">
            "No account yet? "
            <a href=Screen::Register.address()>"Create one"</a>
            " and keep everything you made here."
        </p>
    }
}
