//! The Holdfast program: configuration, HTTP, and what runs it. [`router`] can be mounted by others.

// A page is one type, nested as deep as its elements.
#![recursion_limit = "1024"]

pub mod config;
mod http;
mod serve;
mod state;

pub use config::Config;
pub use http::{SiteMissing, router};
pub use serve::{ServeError, serve};
pub use state::AppState;
