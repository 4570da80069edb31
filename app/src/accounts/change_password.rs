//! Another password; it signs out all other browsers.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::form::{Field, Problem, Sending, Submit};
use super::functions::{ChangePassword as Change, change_password};
use crate::toasts::Toasts;

/// The part of the account's page.
#[component]
pub(super) fn ChangePassword() -> impl IntoView {
    let sending = Sending::of::<Change>();
    let toasts = Toasts::of_page();
    let node = NodeRef::<leptos::html::Form>::new();
    let send = sending.submit(move |values| async move {
        change_password(values.text("current"), values.text("password")).await?;
        if let Some(form) = node.get_untracked() {
            form.reset();
        }
        toasts.say("The password is changed, and all other browsers are signed out.");
        Ok(())
    });
    view! {
        <section class="account-part">
            <h2>"Password"</h2>
            <form
                class="form account-form"
                method="post"
                action=Change::PATH
                node_ref=node
                on:submit=send
            >
                <Problem sending=sending />
                <Field
                    sending=sending
                    name="current"
                    label="Password until now"
                    autocomplete="current-password"
                />
                <Field
                    sending=sending
                    name="password"
                    label="New password"
                    autocomplete="new-password"
                    hint="At least 8 characters. It signs out all other browsers."
                />
                <div class="form-actions">
                    <Submit sending=sending>"Change the password"</Submit>
                </div>
            </form>
        </section>
    }
}
