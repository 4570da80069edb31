//! Walking a location (JOB-7).

use serde::{Deserialize, Serialize};

/// What is to be walked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScanParams {
    /// The location's name.
    pub location: String,
    /// A folder in it, names with `/` between them; empty: all of it.
    #[serde(default)]
    pub path: String,
    /// Whether contents are read, to find those that are there more than once.
    #[serde(default)]
    pub duplicates: bool,
}

/// One file, as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileEntry {
    /// Where it is, from the folder that was walked.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// When it changed last, milliseconds since the Unix epoch.
    pub modified_at_ms: i64,
    /// BLAKE3 of its content in hexadecimal digits, where it was read.
    pub hash: Option<String>,
}

/// Files of one type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TypeTotal {
    /// What their names end with, in lower case; empty: with nothing.
    pub extension: String,
    /// How many.
    pub files: u64,
    /// All of them together.
    pub bytes: u64,
}

/// Files with the same content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Duplicates {
    /// BLAKE3 of it.
    pub hash: String,
    /// The size of each.
    pub bytes: u64,
    /// How many there are.
    pub files: u64,
    /// Where they are; of many the first ones.
    pub paths: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScanResult {
    /// How many files.
    pub files: u64,
    /// How many folders have files in them.
    pub folders: u64,
    /// All files together.
    pub bytes: u64,
    /// By type, the largest first; those after a hundred together, under `…`.
    pub types: Vec<TypeTotal>,
    /// The largest files, at most a hundred.
    pub largest: Vec<FileEntry>,
    /// Groups of files with the same content, those that waste most first, at most a hundred.
    pub duplicates: Vec<Duplicates>,
    /// Files that are there once more than they need to be, in all groups...
    pub duplicate_files: u64,
    /// ...and their bytes.
    pub duplicate_bytes: u64,
    /// Files and folders that could not be read, or whose names are no text.
    pub unreadable: u64,
    /// Links, which are not followed, and what is neither file nor folder.
    pub skipped: u64,
}

impl ScanResult {
    /// Without types, files and groups.
    #[must_use]
    pub fn in_figures(self) -> Self {
        Self { types: Vec::new(), largest: Vec::new(), duplicates: Vec::new(), ..self }
    }
}
