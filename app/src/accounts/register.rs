//! A guest becomes somebody, and keeps everything.

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use server_fn::ServerFn;

use super::follow::leave_for;
use super::form::{Field, Problem, Sending, Submit};
use super::functions::{Register, register};
use super::screen::Screen;

/// The page.
#[component]
pub(super) fn RegisterPage() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let sending = Sending::of::<Register>();
    let send = sending.submit(move |values| async move {
        let account = register(values.text("email"), values.text("password")).await?;
        session.give_to(account.id);
        leave_for("/");
        Ok(())
    });
    view! {
        <h1>"Create an account"</h1>
        <p class="muted">
            "Everything you made here stays yours, and you find it on every device you sign in to."
        </p>
        <form class="form account-form" method="post" action=Register::PATH on:submit=send>
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
                autocomplete="new-password"
                hint="At least 8 characters; a few words are easy to keep in mind."
            />
            <div class="form-actions">
                <Submit sending=sending>"Create the account"</Submit>
            </div>
        </form>
        <p class="account-else">
            "You have an account? "
            <a href=Screen::SignIn.address()>"Sign in"</a>
        </p>
    }
}
