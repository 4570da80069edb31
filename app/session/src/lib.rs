//! The reactive session layer: sessions that cannot be lost, for any Leptos page.
//!
//! A page calls [`provide_transport`] once, then [`provide_session`]; below that, [`use_session`],
//! [`use_session_value`], [`use_session_text`] and [`use_view_state`] give signals of a context that
//! is journaled on the device with every edit, shared between tabs, and saved to the server.
//!
//! Feature `hydrate` is the browser; without it everything exists and is inert, so the same
//! components render on the server.

mod change;
pub mod developer;
mod handle;
mod jobs;
mod notice;
mod options;
mod page_of;
mod panic;
mod session;
mod signals;
mod text;
mod transport;
mod typed;
mod value;
mod view;

// What needs no browser, and is tested without one; there some of it has no user.
#[cfg(any(feature = "hydrate", test))]
mod edit;
#[cfg(any(feature = "hydrate", test))]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod events;
#[cfg(any(feature = "hydrate", test))]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod journal;
#[cfg(any(feature = "hydrate", test))]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod latest;
#[cfg(any(feature = "hydrate", test))]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod presence;
#[cfg(any(feature = "hydrate", test))]
mod recovery;
#[cfg(any(feature = "hydrate", test))]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod sessions;

#[cfg(feature = "hydrate")]
mod binding;
#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod channel;
#[cfg(feature = "hydrate")]
mod lifecycle;
#[cfg(feature = "hydrate")]
mod live;
#[cfg(feature = "hydrate")]
mod reactive;
#[cfg(feature = "hydrate")]
mod shell;
#[cfg(feature = "hydrate")]
mod simulated;

pub use change::{Change, ResetUndo};
pub use jobs::{UseActiveJobs, roll_back, start_scan, start_transfer, use_active_jobs, use_job};
pub use notice::{CreatedAgain, Notice};
pub use options::SessionOptions;
pub use page_of::{page_of, page_of_last};
pub use panic::install_panic_hook;
pub use session::{UseSession, provide_session, use_session};
pub use text::{UseSessionText, use_session_text};
pub use transport::{Answer, Transport, provide_transport};
pub use typed::early_script;
pub use value::use_session_value;
pub use view::use_view_state;

pub use holdfast_domain as domain;
