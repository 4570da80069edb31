//! How long snapshots are kept: pinning, deleting, the sweep.

use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::{SessionId, SnapshotId};
use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_domain::{Error, Result};

use super::row::{DAY_MS, Snapshot};
use crate::audit::Entry;
use crate::database::failure;
use crate::{Backend, Visitor};

/// Rows in one transaction of the sweep, so that saves need not wait for it.
const SWEEP_ROWS: i64 = 500;

impl Backend {
    /// Keeps a snapshot until it is unpinned. Unpinning leaves it the rest of its days, one at least.
    ///
    /// # Errors
    /// `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn pin_snapshot(
        &self,
        visitor: &Visitor,
        session: SessionId,
        snapshot: SnapshotId,
        pinned: bool,
    ) -> Result<SnapshotSummary> {
        let store = &self.store;
        let mut write = store.database.write().await?;
        let row = store.owned(write.connection()?, visitor, session).await?;
        let mut found = Snapshot::find(store, write.connection()?, session, snapshot).await?;
        if found.pinned && !pinned {
            found.expires_at = found.expires_at.max(store.environment.now_ms() + DAY_MS);
        }
        found.pinned = pinned;
        let updated = sqlx::query(
            "UPDATE snapshots SET pinned = $1, expires_at = $2 WHERE session = $3 AND id = $4",
        )
        .bind(i64::from(pinned))
        .bind(found.expires_at)
        .bind(session.to_string())
        .bind(snapshot.to_string())
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        // The sweep may have been quicker.
        if updated.rows_affected() == 0 {
            return Err(Error::NotFound);
        }
        let summary = found.summary(store, write.connection()?, row.account).await?;
        write.commit().await?;
        Ok(summary)
    }

    /// Deletes a snapshot, also a pinned one.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn delete_snapshot(
        &self,
        visitor: &Visitor,
        session: SessionId,
        snapshot: SnapshotId,
    ) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let row = self.store.owned(write.connection()?, visitor, session).await?;
        let deleted = sqlx::query("DELETE FROM snapshots WHERE session = $1 AND id = $2")
            .bind(session.to_string())
            .bind(snapshot.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        if deleted.rows_affected() == 0 {
            return Err(Error::NotFound);
        }
        let entry = Entry::of(row.account, AuditKind::SnapshotDeleted).session(session);
        entry.write(&self.store, write.connection()?).await?;
        write.commit().await
    }

    /// Removes snapshots whose days are over, and says how many; with them go the records of
    /// restores that can no longer be undone. [`Backend::sweep`] calls it.
    ///
    /// # Errors
    /// `StorageFull`, `Unavailable`.
    pub async fn sweep_snapshots(&self) -> Result<u64> {
        // Asked twice: one that is pinned while the rows are being locked stays.
        let snapshots = self
            .sweep_table(
                "DELETE FROM snapshots WHERE (session, id) IN (SELECT session, id FROM snapshots \
                 WHERE pinned = 0 AND expires_at <= $1 LIMIT $2) \
                 AND pinned = 0 AND expires_at <= $1",
            )
            .await?;
        self.sweep_table(
            "DELETE FROM restores WHERE (session, id) IN (SELECT session, id FROM restores \
             WHERE expires_at <= $1 LIMIT $2)",
        )
        .await?;
        Ok(snapshots)
    }

    async fn sweep_table(&self, sql: &'static str) -> Result<u64> {
        let now = self.store.environment.now_ms();
        let mut removed = 0;
        loop {
            let mut write = self.store.database.write().await?;
            let rows = sqlx::query(sql)
                .bind(now)
                .bind(SWEEP_ROWS)
                .execute(write.connection()?)
                .await
                .map_err(failure)?
                .rows_affected();
            write.commit().await?;
            removed += rows;
            if rows == 0 {
                return Ok(removed);
            }
        }
    }
}
