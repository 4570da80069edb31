//! The reactive session layer: sessions that cannot be lost, for any Leptos page.
//!
//! A page calls [`provide_transport`] once, then [`provide_session`]; below that, [`use_session`],
//! [`use_session_value`], [`use_session_text`] and [`use_view_state`] give signals of a context that
//! is journaled on the device with every edit, shared between tabs, and saved to the server.
//!
//! Feature `hydrate` is the browser; without it everything exists and is inert, so the same
//! components render on the server.

mod change;
mod handle;
mod notice;
mod options;
mod panic;
mod session;
mod signals;
mod text;
mod transport;
mod typed;
mod value;
mod view;

pub use change::{Change, ResetUndo};
pub use notice::Notice;
pub use options::SessionOptions;
pub use panic::install_panic_hook;
pub use session::{UseSession, provide_session, use_session};
pub use text::{UseSessionText, use_session_text};
pub use transport::{Answer, Transport, provide_transport};
pub use typed::capture_typed;
pub use value::use_session_value;
pub use view::use_view_state;

pub use holdfast_domain as domain;
