//! What of an account stands in place of the work; each has an address.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::account::AccountPage;
use super::audit::AuditPage;
use super::register::RegisterPage;
use super::reset::ResetPage;
use super::sign_in::SignInPage;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// Address and password.
    SignIn,
    /// An account for a guest.
    Register,
    /// A new password by a link.
    Reset,
    /// The account.
    Account,
    /// What happened to it.
    Audit,
}

impl Screen {
    const ALL: [Self; 5] = [Self::SignIn, Self::Register, Self::Reset, Self::Account, Self::Audit];

    /// Its address.
    pub(crate) const fn address(self) -> &'static str {
        match self {
            Self::SignIn => "/sign-in",
            Self::Register => "/register",
            Self::Reset => "/reset",
            Self::Account => "/account",
            Self::Audit => "/account/log",
        }
    }

    /// What stands in the title.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "Sign in",
            Self::Register => "Create an account",
            Self::Reset => "New password",
            Self::Account => "Account",
            Self::Audit => "Account log",
        }
    }
}

/// The one that the address names, if it names one.
pub(crate) fn use_account_screen() -> Memo<Option<Screen>> {
    let address = use_location().pathname;
    Memo::new(move |_| {
        let address = address.read();
        let address = address.trim_end_matches('/');
        Screen::ALL.into_iter().find(|screen| screen.address() == address)
    })
}

/// It.
#[component]
pub(crate) fn AccountScreen(screen: Screen) -> impl IntoView {
    let content = match screen {
        Screen::SignIn => view! { <SignInPage /> }.into_any(),
        Screen::Register => view! { <RegisterPage /> }.into_any(),
        Screen::Reset => view! { <ResetPage /> }.into_any(),
        Screen::Account => view! { <AccountPage /> }.into_any(),
        Screen::Audit => view! { <AuditPage /> }.into_any(),
    };
    view! { <div class="account">{content}</div> }
}
