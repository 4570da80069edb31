//! What happens to a session as a whole: a person takes it a step on in its life (SESS-1, SESS-3), a
//! mission is linked to it (CTX-9).

use holdfast_domain::audit::AuditKind;
use holdfast_domain::event::{EventKind, SnapshotChange};
use holdfast_domain::id::{SessionId, SnapshotId};
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::snapshot::SnapshotKind;
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;
use uuid::Uuid;

use super::row::SessionRow;
use crate::audit::Entry;
use crate::column::to_word;
use crate::database::failure;
use crate::snapshots::NewSnapshot;
use crate::store::Store;
use crate::{Backend, Visitor};

impl Backend {
    /// Takes a session a step on, and says what it is then. The same step again changes nothing. Completing
    /// takes a snapshot (SNAP-5). What is completed or abandoned still takes edits: they were made before
    /// their device knew.
    ///
    /// # Errors
    /// `NotFound`, `Archived` and `Conflict` (impossible from where it is), `Gone` (deleted, and this is not
    /// bringing it back; or too late for that), `StorageFull`, `Unavailable`.
    pub async fn step_session(
        &self,
        visitor: &Visitor,
        session: SessionId,
        step: Step,
    ) -> Result<SessionState> {
        let mut write = self.store.database.write().await?;
        let row = self.store.owned_or_gone(write.connection()?, visitor, session).await?;
        let next = row.next(step, &self.store)?;
        if next == row.state {
            return Ok(next);
        }
        let mut taken = None;
        if next == SessionState::Completed {
            taken = self.store.snapshot_on_completion(write.connection()?, &row).await?;
        }
        self.store.enter(write.connection()?, &row, next).await?;
        self.store.tell(&mut write, &row, &EventKind::State { state: next }).await?;
        if next == SessionState::Deleted {
            self.cancel_jobs(&mut write, &row).await?;
        }
        if let Some(snapshot) = taken {
            let kind = EventKind::Snapshot { snapshot, change: SnapshotChange::Taken };
            self.store.tell(&mut write, &row, &kind).await?;
            let entry = Entry::of(row.account, AuditKind::SnapshotAutomatic).session(session);
            entry.write(&self.store, write.connection()?).await?;
        }
        let entry = Entry::of(row.account, kind_of(step)).session(session);
        entry.write(&self.store, write.connection()?).await?;
        write.commit().await?;
        Ok(next)
    }

    /// Links a mission to a session, in place of one that was linked before. The same mission again
    /// changes nothing.
    ///
    /// # Errors
    /// `NotFound`, `Archived`, `Gone`, `StorageFull`, `Unavailable`.
    pub async fn link_mission(
        &self,
        visitor: &Visitor,
        session: SessionId,
        mission: Uuid,
    ) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let row = self.store.owned_to_change(write.connection()?, visitor, session).await?;
        if row.state.is_read_only() {
            return Err(Error::Archived);
        }
        sqlx::query(
            "UPDATE sessions SET mission = $1, updated_at = $2 \
             WHERE id = $3 AND (mission IS NULL OR mission <> $1)",
        )
        .bind(mission.to_string())
        .bind(self.store.environment.now_ms())
        .bind(session.to_string())
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        write.commit().await
    }
}

/// What the audit log says of a step.
fn kind_of(step: Step) -> AuditKind {
    match step {
        Step::Complete => AuditKind::SessionCompleted,
        Step::Reopen => AuditKind::SessionReopened,
        Step::Archive => AuditKind::SessionArchived,
        Step::Unarchive => AuditKind::SessionUnarchived,
        Step::Delete => AuditKind::SessionDeleted,
        Step::Undelete => AuditKind::SessionUndeleted,
    }
}

impl SessionRow {
    /// The state after a step. One that is deleted only comes back, to what it was.
    fn next(&self, step: Step, store: &Store) -> Result<SessionState> {
        match (self.state, step) {
            (SessionState::Deleted, Step::Delete) => Ok(self.state),
            (SessionState::Deleted, Step::Undelete) => {
                let before = self.state_before.filter(|_| self.gone_until(store).is_some());
                before.ok_or(Error::Gone { until_ms: None })
            }
            (SessionState::Deleted, _) => Err(self.gone(store)),
            (state, step) => state.after(step),
        }
    }
}

impl Store {
    /// Writes the new state. Who makes a session active uses it: otherwise it would be abandoned again.
    async fn enter(
        &self,
        connection: &mut AnyConnection,
        row: &SessionRow,
        next: SessionState,
    ) -> Result<()> {
        let now = self.environment.now_ms();
        let active_at = if next == SessionState::Active { now } else { row.active_at };
        let before = (next == SessionState::Deleted).then(|| to_word(row.state)).transpose()?;
        sqlx::query(
            "UPDATE sessions SET state = $1, state_at = $2, state_before = $3, updated_at = $2, \
             active_at = $4 WHERE id = $5",
        )
        .bind(to_word(next)?)
        .bind(now)
        .bind(before)
        .bind(active_at)
        .bind(row.id.to_string())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }

    /// Of the context as it was finished, unless it is empty or has a snapshot already.
    async fn snapshot_on_completion(
        &self,
        connection: &mut AnyConnection,
        row: &SessionRow,
    ) -> Result<Option<SnapshotId>> {
        if row.seq == 0 || NewSnapshot::exists_at(connection, row).await? {
            return Ok(None);
        }
        let key = self.keyring.get(connection, &row.key).await?;
        let (id, now) = (SnapshotId::generate(&*self.environment), self.environment.now_ms());
        let kind = SnapshotKind::Automatic;
        let snapshot = NewSnapshot::new(row, id, "On completion", kind, now, &self.settings);
        Ok(snapshot.insert(self, connection, &key).await?.then_some(id))
    }
}
