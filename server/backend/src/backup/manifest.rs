//! What a copy says about itself.

use serde::{Deserialize, Serialize};

/// The format that this program writes and reads.
pub(super) const FORMAT: u32 = 1;
/// The kind of database that is copied.
pub(super) const KIND: &str = "sqlite";

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    /// The version of the program that made it.
    pub(super) program: String,
    /// Milliseconds since the Unix epoch.
    pub(super) created_at: i64,
    pub(super) kind: String,
    /// The life of the database that was copied.
    pub(super) incarnation: String,
    /// The last migration of its tables.
    pub(super) migration: i64,
    /// Id of the key it was encrypted with.
    pub(super) master_key: String,
    pub(super) files: Vec<Entry>,
}

/// An entry of the archive beside the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) sha256: String,
}
