//! The account in the top line.

use leptos::prelude::*;

use super::screen::Screen;
use super::sign_out::SigningOut;
use super::use_account::{UseAccount, Who};
use crate::icon::{Icon, IconName};
use crate::menu::MenuItem;
use crate::popover;

/// The id of the menu.
const MENU: &str = "account-menu";

/// The button; without JavaScript a link to the account's page.
#[component]
pub(crate) fn AccountButton() -> impl IntoView {
    let account = UseAccount::of_page();
    let label = move || match account.get() {
        Who::Account(email) => format!("Account: {email}"),
        Who::Guest => "Account: guest".to_owned(),
        Who::Unknown => "Account".to_owned(),
    };
    view! {
        <button type="button" class="icon-button" popovertarget=MENU aria-label=label>
            <Icon name=IconName::Person />
        </button>
    }
}

/// The menu behind every button that names it.
#[component]
pub(crate) fn AccountMenu() -> impl IntoView {
    let (account, signing_out) = (UseAccount::of_page(), SigningOut::of_page());
    let link = |screen: Screen, icon: IconName, name: &'static str| {
        view! {
            <a class="menu-item" href=screen.address() on:click=|_| popover::close(MENU)>
                <Icon name=icon />
                {name}
            </a>
        }
    };
    let who = move || match account.get() {
        Who::Account(email) => email,
        Who::Guest | Who::Unknown => "You are a guest on this browser.".to_owned(),
    };
    view! {
        <div class="popover popover-end menu" id=MENU popover role="group" aria-label="Account">
            <p class="menu-note">{who}</p>
            <Show
                when=move || matches!(account.get(), Who::Account(_))
                fallback=move || {
                    view! {
                        {link(Screen::SignIn, IconName::Person, "Sign in")}
                        {link(Screen::Register, IconName::Plus, "Create an account")}
                        {link(Screen::Statistics, IconName::Chart, "Statistics")}
                    }
                }
            >
                {link(Screen::Account, IconName::Person, "Account")}
                {link(Screen::Statistics, IconName::Chart, "Statistics")}
                <MenuItem menu=MENU icon=IconName::SignOut act=move || signing_out.ask()>
                    "Sign out…"
                </MenuItem>
            </Show>
        </div>
    }
}
