//! Taking a restore back.

use std::sync::Arc;

use holdfast_domain::id::{RestoreId, SessionId};
use holdfast_domain::snapshot::Undone;
use holdfast_domain::{Context, Result};

use super::difference::{deadline, difference};
use super::record::read_replaced;
use crate::edit::Edited;
use crate::{Backend, Visitor};

impl Backend {
    /// Takes a restore back where values are unchanged since. Where some changed, nothing is done
    /// until it is asked again with `confirmed`, which leaves these as they are.
    ///
    /// # Errors
    /// `Conflict` (it was undone already), `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn undo_restore(
        &self,
        visitor: &Visitor,
        session: SessionId,
        restore: RestoreId,
        confirmed: bool,
    ) -> Result<Undone> {
        let store = &self.store;
        let mut connection = store.database.read().await?;
        store.owned(&mut connection, visitor, session).await?;
        let replaced = read_replaced(store, &mut connection, session, restore).await?;
        drop(connection);
        let replaced = Arc::new(replaced);
        let change = move |context: &mut Context| {
            let now = context.entries();
            let reversion = context.revert(&replaced)?;
            if reversion.kept.is_empty() || confirmed {
                let kept = u32::try_from(reversion.kept.len()).unwrap_or(u32::MAX);
                let value = Undone::Done { kept };
                return Ok(Edited { updates: Some(reversion.updates), value });
            }
            let kept = replaced.iter().filter(|change| reversion.kept.contains(&change.path));
            let until = deadline();
            let differences = kept
                .map(|change| {
                    let (path, before) = (&change.path, change.before.as_ref());
                    difference(path, now.get(path), before, until)
                })
                .collect();
            Ok(Edited { updates: None, value: Undone::Changed { differences } })
        };
        self.edit(visitor, session, change, |job, _| {
            job.active = true;
            job.undone = Some(restore);
            Ok(())
        })
        .await
    }
}
