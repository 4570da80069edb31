//! What the writer is asked to do, and what it answers.

use holdfast_domain::id::{AccountId, RestoreId, SessionId, SnapshotId};
use holdfast_domain::scan::Scan;
use holdfast_domain::session::SessionState;
use holdfast_domain::snapshot::SnapshotRequest;
use holdfast_domain::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::Visitor;

/// What a job takes beside its items.
const JOB_BYTES: usize = 1024;
/// What an item takes beside its update: three maps of what is in it, with one client each.
const ITEM_BYTES: usize = 1024;

/// One thing to append.
pub(crate) enum Item {
    /// An update and what it contains.
    Update(Vec<u8>, Scan),
    /// A snapshot of everything before it; its name is checked.
    Snapshot(SnapshotRequest),
}

/// Enough to create a session.
pub(crate) struct Creation {
    /// Checked.
    pub(crate) name: String,
    pub(crate) created_at: i64,
}

/// A restore, for its undo.
pub(crate) struct RestoreRecord {
    pub(crate) id: RestoreId,
    pub(crate) snapshot: SnapshotId,
    pub(crate) before: Option<SnapshotId>,
    /// What was replaced, in the clear.
    pub(crate) replaced: Vec<u8>,
}

/// A save of one session: all of it or nothing.
pub(crate) struct Job {
    pub(crate) visitor: Visitor,
    pub(crate) session: SessionId,
    pub(crate) create: Option<Creation>,
    /// Another name, checked.
    pub(crate) rename: Option<String>,
    pub(crate) items: Vec<Item>,
    /// A person did something.
    pub(crate) active: bool,
    pub(crate) want_state_vector: bool,
    /// How far the client says it has the log: more than there is means that some was lost.
    pub(crate) have_seq: Option<i64>,
    /// Only if the log ends here; otherwise [`Outcome::Moved`].
    pub(crate) expected_seq: Option<i64>,
    /// With it the account's shared values up to here are applied.
    pub(crate) shared_seq: Option<i64>,
    pub(crate) restore: Option<RestoreRecord>,
    /// This restore is undone with it; `Conflict` where it was already.
    pub(crate) undone: Option<RestoreId>,
}

impl Job {
    /// Nothing to do yet.
    pub(crate) fn new(visitor: Visitor, session: SessionId) -> Self {
        Self {
            visitor,
            session,
            create: None,
            rename: None,
            items: Vec::new(),
            active: false,
            want_state_vector: false,
            have_seq: None,
            expected_seq: None,
            shared_seq: None,
            restore: None,
            undone: None,
        }
    }

    /// Whether it is a restore or the undo of one.
    pub(crate) fn restores(&self) -> bool {
        self.restore.is_some() || self.undone.is_some()
    }

    /// Bytes that it may add to the log.
    pub(crate) fn update_bytes(&self) -> usize {
        let bytes = |item: &Item| match item {
            Item::Update(update, _) => update.len(),
            Item::Snapshot(_) => 0,
        };
        self.items.iter().map(bytes).sum()
    }

    /// Bytes it takes in memory, about.
    pub(crate) fn bytes(&self) -> usize {
        JOB_BYTES + self.update_bytes() + self.items.len() * ITEM_BYTES
    }
}

/// What became of a job.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Acked,
    MissingDependency,
    /// Nothing was done; the item will always be refused.
    Refused {
        index: u32,
        error: Error,
    },
    /// Nothing was done: the log does not end at `expected_seq`.
    Moved,
}

impl Outcome {
    /// A client id was used that is known to be another account's.
    pub(crate) fn is_foreign(&self) -> bool {
        matches!(self, Self::Refused { error: Error::ForeignClient, .. })
    }
}

/// The session as the transaction left it.
#[derive(Debug)]
pub(crate) struct Committed {
    pub(crate) outcome: Outcome,
    pub(crate) account: AccountId,
    pub(crate) seq: i64,
    /// The rows the job itself appended, first and last.
    pub(crate) own: Option<(i64, i64)>,
    pub(crate) name: String,
    pub(crate) state: SessionState,
    pub(crate) state_vector: Option<Vec<u8>>,
    /// Values were shared that the session does not have yet.
    pub(crate) lacks_shared: bool,
}

/// A job in the queue.
pub(super) struct Waiting {
    pub(super) job: Job,
    pub(super) reply: oneshot::Sender<Result<Committed>>,
    /// Its share of the queue's bytes, given back with it.
    pub(super) _bytes: OwnedSemaphorePermit,
}
