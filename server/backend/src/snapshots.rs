//! Snapshots: restore points of a session (SNAP-1 to SNAP-3, SNAP-5).

use holdfast_domain::id::{RestoreId, SessionId, SnapshotId};
use holdfast_domain::snapshot::{Preview, Restored, SnapshotRequest, SnapshotSummary, Undone};
use holdfast_domain::{Error, Result};

use crate::{Backend, Visitor};

impl Backend {
    /// Takes a snapshot of what the server has now; asking twice with one id makes one. A browser
    /// with unsaved changes sends it as an item of a save instead.
    ///
    /// # Errors
    /// `InvalidValue` (name), `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn create_snapshot(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
        _request: SnapshotRequest,
    ) -> Result<SnapshotSummary> {
        Err(Error::Unavailable)
    }

    /// The session's snapshots, newest first.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn list_snapshots(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
    ) -> Result<Vec<SnapshotSummary>> {
        Err(Error::Unavailable)
    }

    /// What restoring the snapshot would change.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn preview_snapshot(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
        _snapshot: SnapshotId,
    ) -> Result<Preview> {
        Err(Error::Unavailable)
    }

    /// Makes the context read as it did, by ordinary edits, after a snapshot of how it is now.
    ///
    /// # Errors
    /// `NotFound`, `LimitExceeded`, `StorageFull`, `Unavailable`.
    pub async fn restore_snapshot(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
        _snapshot: SnapshotId,
    ) -> Result<Restored> {
        Err(Error::Unavailable)
    }

    /// Takes a restore back where values are unchanged since. Where some changed, nothing is done
    /// until it is asked again with `confirmed`, which leaves these as they are.
    ///
    /// # Errors
    /// `Conflict` (it was undone already), `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn undo_restore(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
        _restore: RestoreId,
        _confirmed: bool,
    ) -> Result<Undone> {
        Err(Error::Unavailable)
    }

    /// Keeps a snapshot until it is unpinned. Unpinning leaves it the rest of its days, one at least.
    ///
    /// # Errors
    /// `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn pin_snapshot(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
        _snapshot: SnapshotId,
        _pinned: bool,
    ) -> Result<SnapshotSummary> {
        Err(Error::Unavailable)
    }

    /// Deletes a snapshot, also a pinned one.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn delete_snapshot(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
        _snapshot: SnapshotId,
    ) -> Result<()> {
        Err(Error::Unavailable)
    }

    /// Removes snapshots whose days are over, and says how many. To be called from time to time.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sweep(&self) -> Result<u64> {
        Err(Error::Unavailable)
    }
}
