//! Bringing back an earlier state, as a new change.

use std::sync::Arc;

use holdfast_domain::id::{RestoreId, SessionId, SnapshotId};
use holdfast_domain::limits::NAME_CHARS;
use holdfast_domain::snapshot::{Restored, SnapshotKind, SnapshotRequest};
use holdfast_domain::{Context, Result};

use super::record;
use super::row::Snapshot;
use crate::edit::Edited;
use crate::log::{Item, RestoreRecord};
use crate::{Backend, Visitor};

impl Backend {
    /// Makes the context read as it did, by ordinary edits, after a snapshot of how it is now.
    ///
    /// # Errors
    /// `NotFound`, `LimitExceeded`, `StorageFull`, `Unavailable`.
    pub async fn restore_snapshot(
        &self,
        visitor: &Visitor,
        session: SessionId,
        snapshot: SnapshotId,
    ) -> Result<Restored> {
        let store = &self.store;
        let mut connection = store.database.read().await?;
        store.owned(&mut connection, visitor, session).await?;
        let found = Snapshot::find(store, &mut connection, session, snapshot).await?;
        let name = before_name(&found.name(store, &mut connection).await?);
        drop(connection);
        let then = Arc::new(self.entries_at(session, found.seq).await?);

        let restore = RestoreId::generate(&*store.environment);
        let before = SnapshotId::generate(&*store.environment);
        let change = move |context: &mut Context| {
            let restoration = context.restore(&then)?;
            Ok(Edited { updates: Some(restoration.updates), value: restoration.replaced })
        };
        let replaced = self.edit(visitor, session, change, |job, replaced| {
            if !replaced.is_empty() {
                let request = SnapshotRequest {
                    id: before,
                    name: name.clone(),
                    kind: SnapshotKind::BeforeRestore,
                    at_ms: store.environment.now_ms(),
                };
                job.items.insert(0, Item::Snapshot(request));
            }
            job.active = true;
            job.restore = Some(RestoreRecord {
                id: restore,
                snapshot,
                before: (!replaced.is_empty()).then_some(before),
                replaced: record::encode(replaced.clone())?,
            });
            Ok(())
        });
        let replaced = replaced.await?;
        Ok(Restored {
            restore,
            before: (!replaced.is_empty()).then_some(before),
            changed: u32::try_from(replaced.len()).unwrap_or(u32::MAX),
        })
    }
}

/// A name for the snapshot taken before restoring the one of this name.
fn before_name(name: &str) -> String {
    let before = "Before restoring ";
    let room = NAME_CHARS.saturating_sub(before.chars().count() + 2);
    let name: String = name.chars().take(room).collect();
    format!("{before}“{name}”")
}
