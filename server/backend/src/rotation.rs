//! Changing the master key, while servers run (SEC-5).
//!
//! The next key is stored first, wrapped by the one before (a *bridge*): a server that meets a row of the next one
//! looks there. From the same transaction on new keys are wrapped by the next one; then the rows of the one before
//! are wrapped anew, a few in a transaction; and when none is left the database wants the next one to be opened.
//! Killed anywhere, it goes on from where it was. The bridge stays for a while, for servers that sleep.

mod begin;
mod bridge;
mod rewrap;

use std::collections::BTreeSet;
use std::sync::Arc;

use holdfast_domain::Error;

use crate::Backend;
use crate::keyring::Master;

/// Why the master key is not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotationError {
    /// It is the one in use.
    #[error("the database is under this master key already")]
    InUse,
    /// The database left it.
    #[error(
        "the database was under this master key before: a key that was left is not taken again"
    )]
    UsedBefore,
    /// Another change is to be finished first.
    #[error(
        "the database is being moved to the master key {0}: finish that first, with the file of that key"
    )]
    Unfinished(String),
    /// The database refused.
    #[error("{0}")]
    Refused(#[from] Error),
}

/// A change of the master key that is going on.
pub struct Rotation {
    backend: Backend,
    previous: Arc<Master>,
    next: Arc<Master>,
    /// Looked at up to this row.
    after: String,
    rewrapped: u64,
    damaged: BTreeSet<String>,
}

/// What is left after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// More of the same.
    More,
    /// Nothing: the database is under the next key.
    Finished,
}

impl Rotation {
    /// How many keys it wrapped anew.
    pub fn rewrapped(&self) -> u64 {
        self.rewrapped
    }

    /// The rows of `keys` that do not open by the key before: they are left as they are.
    pub fn damaged(&self) -> impl Iterator<Item = &str> {
        self.damaged.iter().map(String::as_str)
    }
}
