//! Snapshots: restore points, their previews and what a restore answers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{RestoreId, SnapshotId};

/// Why a snapshot was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SnapshotKind {
    /// By a person or a program that asked for it.
    Manual,
    /// By the server: hourly while the session changes, before a large delete.
    Automatic,
    /// Taken by a restore before it changes anything.
    BeforeRestore,
}

/// A snapshot that a client asks for. It is a record in the journal until the server has it, so it
/// works offline and captures exactly what was journaled before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRequest {
    /// Made by the client: asking twice makes one.
    pub id: SnapshotId,
    /// 1 to 255 characters.
    pub name: String,
    /// Why.
    pub kind: SnapshotKind,
    /// When it was asked for on the device, milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// One snapshot in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SnapshotSummary {
    /// The snapshot.
    pub id: SnapshotId,
    /// Its name.
    pub name: String,
    /// Why it was made.
    pub kind: SnapshotKind,
    /// Kept until it is unpinned.
    pub pinned: bool,
    /// When it was asked for, milliseconds since the Unix epoch: on the device where that was offline.
    pub created_at_ms: i64,
    /// When it goes, unless pinned.
    pub expires_at_ms: i64,
    /// The account that asked for it is the one that reads this list.
    pub mine: bool,
    /// Bytes of the log up to the snapshot, as a measure of the context's size.
    pub size_bytes: i64,
}

/// How one path differs between now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Restoring brings it back: it is not there now.
    Added,
    /// Restoring takes it away: it was not there then.
    Removed,
    /// It is there both times, with another value.
    Changed,
}

/// A piece of a text that restoring keeps, brings back or takes away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextSpan {
    /// `None`: unchanged; `Added`: restoring brings it; `Removed`: restoring takes it away.
    pub kind: Option<DifferenceKind>,
    /// The characters.
    pub text: String,
}

/// One readable difference of a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// The path as a JSON pointer (RFC 6901), for example `/trip/budget`.
    pub path: String,
    /// Added, removed or changed.
    pub kind: DifferenceKind,
    /// The value now; `None` where there is none or where `spans` says it.
    pub now: Option<Value>,
    /// The value then; likewise.
    pub then: Option<Value>,
    /// For texts: the words, in order, unchanged stretches shortened to their surroundings.
    pub spans: Vec<TextSpan>,
}

/// What restoring a snapshot would change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The snapshot.
    pub snapshot: SnapshotSummary,
    /// By path, in path order. Empty: nothing would change.
    pub differences: Vec<Difference>,
}

/// A restore that was done. The changes themselves are in the log and reach every tab by sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Restored {
    /// For undoing it.
    pub restore: RestoreId,
    /// The snapshot that was taken before it; `None` where nothing changed.
    pub before: Option<SnapshotId>,
    /// How many paths were changed.
    pub changed: u32,
}

/// A reset that was done. The changes themselves are in the log and reach every tab by sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reset {
    /// What brings everything back; `None` where there was nothing.
    pub snapshot: Option<SnapshotId>,
    /// How many paths were cleared.
    pub cleared: u32,
}

/// What undoing a restore came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Undone {
    /// Undone; `kept` paths that had changed since were left as they are now.
    Done {
        /// How many paths were left alone.
        kept: u32,
    },
    /// Some values changed since the restore: nothing was done yet. Asking again with
    /// `confirmed` undoes the rest and leaves these.
    Changed {
        /// The values that would stay as they are now.
        differences: Vec<Difference>,
    },
}
