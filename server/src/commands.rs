//! The commands beside serving: what an operator does with the database, also while it is served.

mod audit;
mod backup;
mod doctor;
mod migrate;
mod restore;
mod rotate_keys;
mod user;

pub use audit::AuditCommand;
pub use backup::BackupCommand;
pub use doctor::doctor;
pub use migrate::migrate;
pub use restore::RestoreCommand;
pub use rotate_keys::rotate_keys;
pub use user::UserCommand;

use holdfast_backend::Backend;
use holdfast_domain::Error;

use crate::{Config, ServeError, serve};

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] ServeError),
    /// It was refused.
    #[error("{0}")]
    Refused(#[from] Error),
    /// The audit log does not hold.
    #[error("The audit log does not hold: {0}.")]
    Audit(#[from] holdfast_backend::AuditBreak),
    /// The master key is not changed.
    #[error("{0}.")]
    Rotation(#[from] holdfast_backend::RotationError),
    /// A copy was not made or not brought back.
    #[error(transparent)]
    Backup(#[from] holdfast_backend::BackupError),
    /// The doctor found what cannot stay so: all it found, one line for each check.
    #[error("there is something to do.\n{0}")]
    Problems(String),
    /// What was given cannot be used, in words for the operator.
    #[error("{0}")]
    Given(&'static str),
}

/// Does something with the backend; what is printed.
fn with_backend(
    config: &Config,
    work: impl AsyncFnOnce(&Backend) -> Result<String, CommandError>,
) -> Result<String, CommandError> {
    serve::with_backend(config, async |backend| Ok(work(backend).await))?
}
