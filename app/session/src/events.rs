//! What happens in sessions, from the server to the tabs of this browser: one tab holds the one stream and hands the
//! events to the others (TAB-5), as a browser has six connections to a server and no more.

#[cfg(feature = "hydrate")]
mod relay;
mod said;
#[cfg(feature = "hydrate")]
mod source;
mod watchers;

#[cfg(feature = "hydrate")]
pub(crate) use relay::Relay;
