//! What the Holdfast server does: rules, SQL, encryption. No HTTP, no Leptos.
//!
//! [`Backend`] is the whole surface: whoever serves it (server functions, an HTTP API, a command)
//! finds out who is asking with [`Backend::visitor`] and passes the [`Visitor`] to every call, and
//! each call checks for itself that what it names belongs to that visitor.

mod accounts;
mod audit;
mod backend;
mod backup;
mod blocking;
mod bundle;
mod cipher;
mod column;
mod context;
mod creations;
mod database;
mod doctor;
mod documents;
mod edit;
mod environment;
mod events;
mod hex;
mod identity;
mod jobs;
mod keyring;
mod limiter;
mod locations;
mod log;
mod master_key;
mod migrate;
mod open_error;
mod preferences;
mod replies;
mod rotation;
mod sessions;
mod settings;
mod shared;
mod snapshots;
mod statistics;
mod store;
mod sweep;
mod weighed;

pub use accounts::{NewPassword, ResetLink, User, UserState};
pub use audit::{AuditBreak, AuditFilter, AuditHead};
pub use backend::{Backend, Options};
pub use backup::{BackedUp, BackupError, BringBack, BroughtBack, back_up, bring_back};
pub use bundle::Export;
pub use context::ContextAt;
pub use doctor::{Finding, Verdict, examine};
pub use environment::SystemEnvironment;
pub use events::{JobWatch, Watch};
pub use identity::{Token, Visitor};
pub use jobs::{JobFiles, JobPage, JobQuery};
pub use limiter::Limiter;
pub use locations::Location;
pub use master_key::MasterKey;
pub use migrate::{Migrated, migrate};
pub use open_error::OpenError;
pub use replies::{Replied, Reply};
pub use rotation::{Rotation, RotationError, Step};
pub use sessions::{SessionDetail, SessionPage, SessionQuery};
pub use settings::Settings;
pub use sweep::{Sweep, Swept};
