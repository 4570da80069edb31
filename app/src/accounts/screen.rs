//! What of an account stands in place of the work; each has an address.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::account::AccountPage;
use super::audit::AuditPage;
use super::register::RegisterPage;
use super::reset::ResetPage;
use super::sign_in::SignInPage;
use crate::statistics::StatisticsPage;

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
    /// What was done, in figures.
    Statistics,
}

impl Screen {
    const ALL: [Self; 6] =
        [Self::SignIn, Self::Register, Self::Reset, Self::Account, Self::Audit, Self::Statistics];

    /// Its address.
    pub(crate) const fn address(self) -> &'static str {
        match self {
            Self::SignIn => "/sign-in",
            Self::Register => "/register",
            Self::Reset => "/reset",
            Self::Account => "/account",
            Self::Audit => "/account/log",
            Self::Statistics => "/account/statistics",
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
            Self::Statistics => "Statistics",
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
        Screen::Statistics => view! { <StatisticsPage /> }.into_any(),
    };
    view! { <div class="account">{content}</div> }
}
