//! Snapshots: restore points of a session (SNAP-1 to SNAP-3, SNAP-5).

mod difference;
mod keep;
mod past;
mod preview;
mod record;
mod restore;
mod row;
mod undo;

pub(crate) use past::PastSnapshot;
pub(crate) use record::{already_undone, insert_restore, mark_undone};
pub(crate) use row::NewSnapshot;
use row::Snapshot;

use holdfast_domain::id::{SessionId, SnapshotId};
use holdfast_domain::session::check_name;
use holdfast_domain::snapshot::{SnapshotRequest, SnapshotSummary};
use holdfast_domain::{Error, Result};

use crate::log::{Item, Job, Outcome};
use crate::{Backend, Visitor};

impl Backend {
    /// An id for a snapshot that a program takes without one.
    pub fn new_snapshot_id(&self) -> SnapshotId {
        SnapshotId::generate(&*self.store.environment)
    }

    /// Takes a snapshot of what the server has now; asking twice with one id makes one. A browser
    /// with unsaved changes sends it as an item of a save instead.
    ///
    /// # Errors
    /// `InvalidValue` (name), `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn create_snapshot(
        &self,
        visitor: &Visitor,
        session: SessionId,
        request: SnapshotRequest,
    ) -> Result<SnapshotSummary> {
        let (id, name) = (request.id, check_name(&request.name)?);
        let mut job = Job::new(visitor.clone(), session);
        job.items.push(Item::Snapshot(SnapshotRequest { name, ..request }));
        match self.writer.submit(job).await?.outcome {
            Outcome::Acked => self.snapshot(visitor, session, id).await,
            Outcome::Refused { error, .. } => Err(error),
            Outcome::Moved | Outcome::MissingDependency => Err(Error::Internal),
        }
    }

    /// The session's snapshots, newest first.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn list_snapshots(
        &self,
        visitor: &Visitor,
        session: SessionId,
    ) -> Result<Vec<SnapshotSummary>> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        let now = self.store.environment.now_ms();
        let mut summaries = Vec::new();
        for snapshot in Snapshot::of_session(&mut connection, session, now).await? {
            let summary = snapshot.summary(&self.store, &mut connection, row.account).await?;
            summaries.push(summary);
        }
        Ok(summaries)
    }
}
