//! The Holdfast program: configuration, HTTP, and what runs it. [`router`] can be mounted by others.

pub mod config;
mod http;
mod serve;
mod state;

pub use config::Config;
pub use http::{SiteMissing, router};
pub use serve::{ServeError, new_incarnation, serve};
pub use state::AppState;
