//! What a person sees of Holdfast: Leptos components and the server functions behind them.
//!
//! [`shell()`] is the document around the page, [`App`] the page itself. Everything that keeps a session
//! alive is in `holdfast-session`; this crate shows it, and reaches the server for it.

// The type of what a component shows is nested as deeply as its elements.
#![recursion_limit = "256"]
// `#[component]` makes `pub` of every visibility it is given.
#![allow(unreachable_pub)]

// With another one the page could not take over the HTML of the server.
#[cfg(not(erase_components))]
compile_error!("RUSTFLAGS from elsewhere have to repeat those of `.cargo/config.toml`");

mod accounts;
#[cfg(feature = "ssr")]
mod caller;
mod clipboard;
mod commands;
mod context;
mod developer;
mod dialog;
mod envelope;
mod example;
mod failed;
mod fault;
mod first;
mod focus;
#[cfg(feature = "hydrate")]
mod hydrate;
mod icon;
mod indicator;
mod jobs;
mod menu;
mod notes;
mod on_page;
mod page;
mod panels;
mod periods;
mod popover;
mod preferences;
mod reset;
mod sessions;
mod setup;
mod shared;
mod shell;
mod size;
mod skeletons;
mod snapshots;
mod statistics;
mod still;
mod storage;
mod tabs;
mod theme;
mod time;
mod toasts;
mod told;
mod transport;
mod workspace;

#[cfg(feature = "ssr")]
pub use accounts::{SendLink, ToMail};
#[cfg(feature = "ssr")]
pub use caller::ToCookie;
pub use developer::*;
pub use fault::Fault;
pub use first::FirstContent;
#[cfg(feature = "hydrate")]
pub use hydrate::hydrate;
pub use on_page::PAGE_OF;
pub use page::App;
pub use periods::Periods;
pub use setup::Setup;
pub use shell::{Assets, shell};

/// Where the server functions are: all of them `POST` below this path, each by its own name.
pub const FUNCTIONS: &str = "/fn";
