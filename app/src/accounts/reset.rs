//! A new password by a link: asking for one, and using it.

use holdfast_domain::Error;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::follow::leave_for;
use super::form::{Field, Problem, Sending, Submit};
use super::functions::{AskReset, ResetPassword, ask_reset, reset_password};
use super::screen::Screen;

/// The page: with a link's token the one to use it.
#[component]
pub(super) fn ResetPage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").filter(|token| !token.is_empty());
    match token {
        Some(token) => Either::Left(view! { <Use token=token /> }),
        None => Either::Right(view! { <Ask /> }),
    }
}

/// What became of asking.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Sent,
    NoMail,
}

#[component]
fn Ask() -> impl IntoView {
    let sending = Sending::of::<AskReset>();
    let before = match use_query_map().get_untracked().get("asked").as_deref() {
        Some("sent") => Some(Asked::Sent),
        Some("no_mail") => Some(Asked::NoMail),
        _ => None,
    };
    let asked = RwSignal::new(before);
    let send = sending.submit(move |values| async move {
        let mails = ask_reset(values.text("email")).await?;
        asked.set(Some(if mails { Asked::Sent } else { Asked::NoMail }));
        Ok(())
    });
    view! {
        <h1>"New password"</h1>
        <p class="muted">"A link to set a new password is sent to your address."</p>
        <form class="form account-form" method="post" action=AskReset::PATH on:submit=send>
            <Problem sending=sending />
            <Field
                sending=sending
                name="email"
                label="Email address"
                r#type="email"
                autocomplete="username"
                autofocus=true
            />
            <p class="account-said" role="status">
                {move || match asked.get() {
                    Some(Asked::Sent) => {
                        "If there is an account with this address, the link is on its way. It works once, for two \
                         hours."
                    }
                    Some(Asked::NoMail) => {
                        "This server sends no mail. Ask whoever runs it for a link."
                    }
                    None => "",
                }}
            </p>
            <div class="form-actions">
                <a class="button" href=Screen::SignIn.address()>
                    "Back to signing in"
                </a>
                <Submit sending=sending>"Send the link"</Submit>
            </div>
        </form>
    }
}

#[component]
fn Use(token: String) -> impl IntoView {
    let sending = Sending::of::<ResetPassword>();
    let send = sending.submit(move |values| async move {
        reset_password(values.text("token"), values.text("password")).await?;
        leave_for("/");
        Ok(())
    });
    let expired = move || sending.problem() == Some(Error::LinkExpired);
    view! {
        <h1>"New password"</h1>
        <p class="muted">"It signs out every browser that is signed in to your account, and this one in."</p>
        <form class="form account-form" method="post" action=ResetPassword::PATH on:submit=send>
            <Problem sending=sending />
            <input type="hidden" name="token" value=token />
            <Field
                sending=sending
                name="password"
                label="New password"
                autocomplete="new-password"
                hint="At least 8 characters; a few words are easy to keep in mind."
                autofocus=true
            />
            <div class="form-actions">
                <Show when=expired>
                    <a class="button" href=Screen::Reset.address() rel="external">
                        "Ask for a new link"
                    </a>
                </Show>
                <Submit sending=sending>"Set the password"</Submit>
            </div>
        </form>
    }
}
