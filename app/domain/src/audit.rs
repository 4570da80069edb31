//! What happened to an account and its sessions, as its person may read it (SEC-7).

mod told;

use serde::{Deserialize, Serialize};

pub use self::told::ToldKind;
use crate::id::SessionId;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// A guest got an address and a password.
    Registered,
    /// A browser signed in.
    SignedIn,
    /// Somebody gave a wrong password, or an address that is nobody's.
    SignInFailed,
    /// A browser signed out.
    SignedOut,
    /// A signed-in browser was signed out from another one.
    SignInEnded,
    /// A token that had been exchanged was given again: somebody has a copy of it, and its sign-in was ended.
    TokenReused,
    /// What a guest had made became the account's.
    WorkBrought,
    /// The password was changed with the one before.
    PasswordChanged,
    /// A link to set a new password was made.
    ResetAsked,
    /// The password was set by such a link.
    PasswordReset,
    /// The account is to be deleted when the grace time is over.
    AccountDeleting,
    /// It is not to be deleted after all.
    AccountKept,
    /// It was deleted, with everything that was its own.
    AccountDeleted,
    /// An operator keeps the account from being used.
    AccountDisabled,
    /// An operator lets it be used again.
    AccountEnabled,
    /// A session was created.
    SessionCreated,
    /// A snapshot was taken by a person or a program.
    SnapshotTaken,
    /// A snapshot was taken by itself: hourly, before a large delete or a restore, on completion.
    SnapshotAutomatic,
    /// Snapshots were removed because their days were over; how many.
    SnapshotsExpired,
    /// A snapshot was deleted.
    SnapshotDeleted,
    /// A snapshot was restored.
    SnapshotRestored,
    /// That was undone.
    RestoreUndone,
    /// A value was shared into all sessions.
    ValueShared,
    /// A session was completed.
    SessionCompleted,
    /// It is active again.
    SessionReopened,
    /// It was put away.
    SessionArchived,
    /// It was taken out of the archive.
    SessionUnarchived,
    /// It was deleted, and can be brought back for a while.
    SessionDeleted,
    /// It was brought back.
    SessionUndeleted,
    /// An operator began to change the master key.
    KeyRotationStarted,
    /// Everything is under the new one.
    KeyRotationFinished,
    /// It was made as a copy of another one.
    SessionDuplicated,
    /// All of it was given out as a file.
    SessionExported,
    /// It was made from such a file.
    SessionImported,
    /// A job was asked for; which kind.
    JobStarted,
    /// Somebody cancelled one.
    JobCancelled,
}

/// One entry. Times are server milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its place in the log.
    pub seq: i64,
    /// When.
    pub at_ms: i64,
    /// What.
    #[cfg_attr(feature = "openapi", schema(value_type = AuditKind))]
    pub kind: ToldKind,
    /// To which session, if to one.
    pub session: Option<SessionId>,
    /// More of it in words, for example the device; empty where there is nothing to say.
    pub detail: String,
}
