//! Taking everything away for a program, with the way back (SESS-4).

use holdfast_domain::Result;
use holdfast_domain::context::Entries;
use holdfast_domain::id::{SessionId, SnapshotId};
use holdfast_domain::snapshot::{Reset, SnapshotKind, SnapshotRequest};
use holdfast_domain::{Context, Error};

use crate::edit::Edited;
use crate::log::Item;
use crate::{Backend, Visitor};

/// What the page calls its own, too.
const NAME: &str = "Before reset";

impl Backend {
    /// Takes everything out of the context, as an edit like any other, after a snapshot of how it is now. With
    /// `version` only if it is still the one that was read. Where nothing is in it nothing is done.
    ///
    /// # Errors
    /// `Changed`, `Archived`, `NotFound`, `Gone`, `StorageFull`, `Unavailable`.
    pub async fn reset_session(
        &self,
        visitor: &Visitor,
        session: SessionId,
        version: Option<i64>,
    ) -> Result<Reset> {
        self.touch_session(visitor, session).await?;
        let store = &self.store;
        let snapshot = SnapshotId::generate(&*store.environment);
        let change = |context: &mut Context| {
            let done = context.restore(&Entries::new())?;
            Ok(Edited { updates: Some(done.updates), value: done.replaced.len() })
        };
        let cleared = self.edit(visitor, session, change, |job, cleared| {
            if version.is_some() && job.expected_seq != version {
                return Err(Error::Changed);
            }
            job.active = true;
            if *cleared > 0 {
                let request = SnapshotRequest {
                    id: snapshot,
                    name: NAME.into(),
                    kind: SnapshotKind::Manual,
                    at_ms: store.environment.now_ms(),
                };
                job.items.insert(0, Item::Snapshot(request));
            }
            Ok(())
        });
        let cleared = cleared.await?;
        Ok(Reset {
            snapshot: (cleared > 0).then_some(snapshot),
            cleared: u32::try_from(cleared).unwrap_or(u32::MAX),
        })
    }
}
