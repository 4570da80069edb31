//! How long snapshots are kept: pinning, deleting, the sweep.

use std::collections::BTreeMap;

use holdfast_domain::audit::AuditKind;
use holdfast_domain::event::{EventKind, SnapshotChange};
use holdfast_domain::id::{SessionId, SnapshotId};
use holdfast_domain::session::SessionState;
use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_domain::{Error, Result};

use super::row::{DAY_MS, Snapshot};
use crate::audit::Entry;
use crate::column::id;
use crate::database::failure;
use crate::{Backend, Visitor};

/// Rows in one transaction of the sweep, so that saves need not wait for it.
const SWEEP_ROWS: i64 = 500;
/// So many snapshots: each may be of another session, with an entry in the log.
const SWEEP_SNAPSHOTS: i64 = 100;

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
        let kind = EventKind::Snapshot { snapshot, change: SnapshotChange::Pinned };
        store.tell(&mut write, &row, &kind).await?;
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
        let kind = EventKind::Snapshot { snapshot, change: SnapshotChange::Deleted };
        self.store.tell(&mut write, &row, &kind).await?;
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
        let mut removed = 0;
        loop {
            let some = self.sweep_some_snapshots().await?;
            removed += some;
            if some == 0 {
                break;
            }
        }
        self.sweep_restores().await?;
        Ok(removed)
    }

    /// Some of them in one transaction, with an entry for each session in its account's log.
    async fn sweep_some_snapshots(&self) -> Result<u64> {
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        // Asked twice: one that is pinned while the rows are being locked stays.
        let rows = sqlx::query(
            "DELETE FROM snapshots WHERE (session, id) IN (SELECT session, id FROM snapshots \
             WHERE pinned = 0 AND expires_at <= $1 LIMIT $2) \
             AND pinned = 0 AND expires_at <= $1 RETURNING session, id",
        )
        .bind(self.now_ms())
        .bind(SWEEP_SNAPSHOTS)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure)?;
        let mut sessions = BTreeMap::<SessionId, Vec<SnapshotId>>::new();
        for row in &rows {
            sessions.entry(id(row, "session")?).or_default().push(id(row, "id")?);
        }
        let mut entries = Vec::new();
        for (session, snapshots) in sessions {
            // One that is being destroyed is told of as a whole.
            let found = self.store.find_session(write.connection()?, session).await?;
            let Some(row) = found.filter(|row| row.state != SessionState::Deleted) else {
                continue;
            };
            for snapshot in &snapshots {
                let (snapshot, change) = (*snapshot, SnapshotChange::Deleted);
                let kind = EventKind::Snapshot { snapshot, change };
                self.store.tell(&mut write, &row, &kind).await?;
            }
            entries.push((row.account, session, snapshots.len()));
        }
        // Last of all: whoever appends to the chain holds its end.
        for (account, session, number) in entries {
            let entry = Entry::of(account, AuditKind::SnapshotsExpired).session(session);
            entry.detail(&number.to_string()).write(&self.store, write.connection()?).await?;
        }
        write.commit().await?;
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    }

    async fn sweep_restores(&self) -> Result<()> {
        loop {
            let mut write = self.store.database.write().await?;
            let rows = sqlx::query(
                "DELETE FROM restores WHERE (session, id) IN (SELECT session, id FROM restores \
                 WHERE expires_at <= $1 LIMIT $2)",
            )
            .bind(self.now_ms())
            .bind(SWEEP_ROWS)
            .execute(write.connection()?)
            .await
            .map_err(failure)?
            .rows_affected();
            write.commit().await?;
            if rows == 0 {
                return Ok(());
            }
        }
    }
}
