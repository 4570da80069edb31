//! The account: its address, password, signed-in browsers, and its end.

use leptos::prelude::*;

use super::change_password::ChangePassword;
use super::delete::DeleteAccount;
use super::devices::Devices;
use super::screen::Screen;
use super::sign_out::SigningOut;
use super::use_account::{UseAccount, Who};

/// The page.
#[component]
pub(super) fn AccountPage() -> impl IntoView {
    let (account, signing_out) = (UseAccount::of_page(), SigningOut::of_page());
    let email = move || match account.get() {
        Who::Account(email) => email,
        Who::Unknown | Who::Guest => String::new(),
    };
    view! {
        <h1>"Account"</h1>
        <Show
            when=move || !account.is_guest()
            fallback=|| {
                view! {
                    <p>
                        "You are a guest on this browser. " <a href=Screen::Register.address()>
                            "Create an account"
                        </a> " to find your sessions on other devices, or "
                        <a href=Screen::SignIn.address()>"sign in"</a> "."
                    </p>
                }
            }
        >
            <p class="account-who">
                <strong>{email}</strong>
                <button
                    type="button"
                    class="button button-small needs-app"
                    on:click=move |_| signing_out.ask()
                >
                    "Sign out…"
                </button>
            </p>
            <Devices />
            <ChangePassword />
            <section class="account-part">
                <h2>"What happened"</h2>
                <p>
                    "Who signed in where and when, and what was done to your sessions. "
                    <a href=Screen::Audit.address()>"Read the log"</a>
                </p>
            </section>
            <section class="account-part">
                <h2>"Statistics"</h2>
                <p>
                    "Time and edits by day and session. "
                    <a href=Screen::Statistics.address()>"See the figures"</a>
                </p>
            </section>
            <DeleteAccount />
        </Show>
    }
}
