//! The Holdfast program: configuration, HTTP, and what runs it. [`router`] can be mounted by others.

mod commands;
pub mod config;
mod http;
mod mail;
mod metrics;
mod serve;
mod state;

pub use commands::{
    AuditCommand, BackupCommand, CommandError, RestoreCommand, UserCommand, doctor, migrate,
    rotate_keys,
};
pub use config::Config;
pub use http::{SiteMissing, router};
pub use mail::MailError;
pub use serve::{ServeError, new_incarnation, serve};
pub use state::{AppState, StateError};
