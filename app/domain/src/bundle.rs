//! A session in one file (SESS-3): what is in it, and how large it may be. `docs/EXPORT.md` describes the file for
//! others.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{SessionId, SnapshotId};
use crate::limits::CONTEXT_BYTES;
use crate::session::SessionState;
use crate::snapshot::SnapshotKind;

/// What the manifest calls the format.
pub const FORMAT: &str = "holdfast-session";
/// The version that is written, and the newest that is understood.
pub const VERSION: u32 = 1;

/// The manifest.
pub const MANIFEST: &str = "manifest.json";
/// The context as JSON, for people and other programs.
pub const CONTEXT_JSON: &str = "context.json";
/// The context as one Yjs update (encoding version 1).
pub const CONTEXT: &str = "context.bin";
/// The log.
pub const HISTORY: &str = "history.bin";
/// The snapshots.
pub const SNAPSHOTS: &str = "snapshots.json";

/// Files in one bundle, those of later versions included.
pub const FILES: usize = 16;
/// Characters of a file's name.
pub const FILE_NAME_CHARS: usize = 64;
/// The manifest, unpacked.
pub const MANIFEST_BYTES: u64 = 64 * 1024;
/// The list of snapshots, unpacked.
pub const SNAPSHOTS_BYTES: u64 = 32 * 1000 * 1000;
/// Any file but these and the context, unpacked (1 GB).
pub const FILE_BYTES: u64 = 1000 * 1000 * 1000;
/// A file may be so many times as large as it is packed...
pub const RATIO: u64 = 200;
/// ...and this much larger: what is as small as a context may be the same character all over.
pub const RATIO_FREE_BYTES: u64 = CONTEXT_BYTES as u64;
/// Snapshots in one bundle.
pub const SNAPSHOT_COUNT: usize = 20_000;
/// Rows in one history.
pub const ROWS: u64 = 5_000_000;
/// People who wrote it, as the history tells them apart.
pub const AUTHORS: u32 = 1_000;

/// The first thing that is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// When it was made, server milliseconds since the Unix epoch.
    pub exported_at_ms: i64,
    /// The session.
    pub session: BundledSession,
    /// Rows of the history.
    pub rows: u64,
    /// Updates in all of them.
    pub updates: u64,
    /// People who wrote them.
    pub authors: u32,
    /// Snapshots.
    pub snapshots: u64,
    /// Every other file.
    pub files: Vec<BundledFile>,
}

/// The session as it was. Times are server milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledSession {
    /// Its id where it was; an imported one gets another.
    pub id: SessionId,
    /// Its name.
    pub name: String,
    /// Where it was in its life.
    pub state: SessionState,
    /// When it was created.
    pub created_at_ms: i64,
    /// When it last changed.
    pub updated_at_ms: i64,
    /// When a person last used it.
    pub active_at_ms: i64,
}

/// One of the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledFile {
    /// Lower-case letters, digits, `.`, `-` and `_`; no folders.
    pub name: String,
    /// Its size, unpacked.
    pub bytes: u64,
    /// SHA-256 of what is unpacked, as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// One snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledSnapshot {
    /// The snapshot.
    pub id: SnapshotId,
    /// Its name.
    pub name: String,
    /// Why it was made.
    pub kind: SnapshotKind,
    /// Kept until it is unpinned.
    pub pinned: bool,
    /// When it was made, milliseconds since the Unix epoch.
    pub created_at_ms: i64,
    /// The last row of the history that is in it; the first row is 1, and 0 is before all.
    pub row: u64,
}

/// What is wrong with a file that was to be imported, where no other error says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// It is no zip file, or one that was cut off or written in a way that is not understood.
    NotAZip,
    /// A file in it is missing, there twice, not in the manifest, or has a name that no file has.
    Files,
    /// A file in it is not what the manifest says.
    Checksum,
    /// The manifest cannot be read.
    Manifest,
    /// A time is before 1970 or yet to come.
    Time,
    /// The snapshots cannot be read, or one is of something that is not in the history.
    Snapshots,
    /// The history cannot be read, or does not build on itself.
    History,
    /// The context is not what the history comes to.
    Context,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAZip => "it is not a complete zip file",
            Self::Files => "the files in it are not those of an exported session",
            Self::Checksum => "a file in it is damaged",
            Self::Manifest => "its manifest cannot be read",
            Self::Time => "a time in it cannot be right",
            Self::Snapshots => "its snapshots cannot be read",
            Self::History => "its history cannot be read",
            Self::Context => "its context does not fit its history",
        })
    }
}

/// Whether a file in a bundle may have this name.
pub fn is_file_name(name: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    !name.is_empty()
        && name.len() <= FILE_NAME_CHARS
        && !name.starts_with('.')
        && name.chars().all(known)
}

/// How large a file of this name may be, unpacked.
pub fn limit_of(name: &str) -> u64 {
    match name {
        MANIFEST => MANIFEST_BYTES,
        SNAPSHOTS => SNAPSHOTS_BYTES,
        CONTEXT => CONTEXT_BYTES as u64,
        _ => FILE_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sess_3_a_name_in_a_bundle_leads_nowhere() {
        for name in [MANIFEST, CONTEXT_JSON, CONTEXT, HISTORY, SNAPSHOTS, "later-2.bin"] {
            assert!(is_file_name(name), "{name}");
        }
        let long = "a".repeat(FILE_NAME_CHARS + 1);
        for name in ["", "..", "../a", "/a", "a/b", "a\\b", "C:a", ".a", "A", "ä", "a b", &*long] {
            assert!(!is_file_name(name), "{name}");
        }
    }
}
