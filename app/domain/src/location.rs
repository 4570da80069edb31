//! Places outside of sessions that people may work with.

use serde::{Deserialize, Serialize};

/// A folder of a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The location's name.
    pub location: String,
    /// A folder in it, names with `/` between them; empty: all of it.
    #[serde(default)]
    pub path: String,
}

/// What is in a folder, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FolderListing {
    /// Folders.
    pub folders: Vec<String>,
    /// Files.
    pub files: Vec<FolderFile>,
    /// How many more there are of both, beyond a thousand of each.
    pub more: u64,
    /// How much could not be read, or has a name that is no text.
    pub unreadable: u64,
    /// How many links there are, which are not followed, and other things than files and folders.
    pub skipped: u64,
}

/// A file in a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FolderFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it changed last, milliseconds since the Unix epoch.
    pub modified_at_ms: i64,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocationSummary {
    /// What people call it.
    pub name: String,
    /// Whether it may be written to.
    pub writable: bool,
}
