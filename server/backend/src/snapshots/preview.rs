//! What restoring a snapshot would change.

use holdfast_domain::Result;
use holdfast_domain::context::Entries;
use holdfast_domain::id::{SessionId, SnapshotId};
use holdfast_domain::snapshot::Preview;

use super::difference::differences;
use super::row::Snapshot;
use crate::blocking::blocking;
use crate::{Backend, Visitor};

impl Backend {
    /// What restoring the snapshot would change.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn preview_snapshot(
        &self,
        visitor: &Visitor,
        session: SessionId,
        snapshot: SnapshotId,
    ) -> Result<Preview> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        let found = Snapshot::find(&self.store, &mut connection, session, snapshot).await?;
        let snapshot = found.summary(&self.store, &mut connection, row.account).await?;
        drop(connection);
        let then = self.entries_at(session, found.seq).await?;
        let now = self.store.with_document(&row, |context, _| context.entries()).await?;
        let bytes = usize::try_from(row.log_bytes).unwrap_or(usize::MAX);
        let _turn = self.store.documents.turn().await?;
        let differences = blocking(bytes, move || differences(&now, &then)).await?;
        Ok(Preview { snapshot, differences })
    }

    /// The context as it was after row `seq`. The caller holds no connection.
    pub(super) async fn entries_at(&self, session: SessionId, seq: i64) -> Result<Entries> {
        let _turn = self.store.documents.turn().await?;
        let replayed = self.store.replay(session, seq).await?;
        blocking(replayed.bytes, move || replayed.context.entries()).await
    }
}
