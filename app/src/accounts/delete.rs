//! The account's end: asked for with the password.

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use server_fn::ServerFn;

use super::follow::leave_for;
use super::form::{Field, Problem, Sending, Submit};
use super::functions::{DeleteAccount as Delete, delete_account};
use crate::periods::grace;

/// The part of the account's page.
#[component]
pub(super) fn DeleteAccount() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let sending = Sending::of::<Delete>();
    let send = sending.submit(move |values| async move {
        delete_account(values.text("password")).await?;
        session.forget(true);
        leave_for("/");
        Ok(())
    });
    view! {
        <section class="account-part">
            <h2>"Delete the account"</h2>
            <details>
                <summary>"Delete it with everything in it…"</summary>
                <p>
                    {format!(
                        "All your sessions go, with their snapshots and history, on the server and on your devices. You \
                         are signed out everywhere now. For {} you can change your mind by signing in again; after that \
                         nothing can be brought back.",
                        grace(),
                    )}
                </p>
                <form class="form account-form" method="post" action=Delete::PATH on:submit=send>
                    <Problem sending=sending />
                    <Field
                        sending=sending
                        name="password"
                        label="Your password"
                        autocomplete="current-password"
                    />
                    <div class="form-actions">
                        <Submit sending=sending class="button button-danger">
                            "Delete my account"
                        </Submit>
                    </div>
                </form>
            </details>
        </section>
    }
}
