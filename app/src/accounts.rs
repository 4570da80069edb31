//! Who the person is: signing in and out, registering, the account and what happened to it.

mod account;
mod agent;
mod audit;
mod change_password;
mod delete;
mod devices;
mod follow;
mod form;
mod functions;
mod menu;
mod register;
mod reset;
mod screen;
mod sign_in;
mod sign_out;
mod use_account;

pub(crate) use follow::follow_whose;
#[cfg(feature = "ssr")]
pub use functions::{SendLink, ToMail};
pub(crate) use menu::{AccountButton, AccountMenu};
pub(crate) use screen::{AccountScreen, Screen, use_account_screen};
pub(crate) use sign_out::{SignOutDialog, SigningOut};
pub(crate) use use_account::UseAccount;
