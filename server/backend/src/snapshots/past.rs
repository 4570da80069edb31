//! Snapshots that go along with a session as a whole, or come with one.

use holdfast_domain::Result;
use holdfast_domain::id::SnapshotId;
use holdfast_domain::snapshot::SnapshotKind;
use sqlx::AnyConnection;

use super::row::Snapshot;
use crate::sessions::SessionRow;
use crate::store::Store;

/// One of them.
pub(crate) struct PastSnapshot {
    pub(crate) id: SnapshotId,
    /// Checked.
    pub(crate) name: String,
    pub(crate) kind: SnapshotKind,
    pub(crate) pinned: bool,
    pub(crate) created_at: i64,
    /// The row of the log it is of...
    pub(crate) seq: i64,
    /// ...and the bytes of the log up to there.
    pub(crate) size: i64,
}

impl Store {
    /// The session's snapshots up to row `upto` of its log, oldest first.
    pub(crate) async fn past_snapshots(
        &self,
        connection: &mut AnyConnection,
        session: &SessionRow,
        upto: i64,
    ) -> Result<Vec<PastSnapshot>> {
        let now = self.environment.now_ms();
        let mut past = Vec::new();
        for snapshot in Snapshot::of_session(connection, session.id, now).await? {
            if snapshot.seq <= upto {
                let name = snapshot.name(self, connection).await?;
                past.push(snapshot.past(name));
            }
        }
        past.reverse();
        Ok(past)
    }
}
