//! Changing the context for a program: a merge patch (RFC 7396).

use holdfast_domain::Result;
use holdfast_domain::id::SessionId;
use holdfast_domain::{Context, Error};
use serde_json::Value;

use super::read::ContextAt;
use crate::edit::Edited;
use crate::{Backend, Visitor};

impl Backend {
    /// Merges a patch into the context, as an edit like any other; how it reads then. A program that writes is
    /// activity (SESS-1). With `version` only if the context is still the one that was read.
    ///
    /// # Errors
    /// `InvalidValue`, `LimitExceeded`, `Changed`, `Archived`, `NotFound`, `Gone`, `StorageFull`, `Unavailable`.
    pub async fn patch_context(
        &self,
        visitor: &Visitor,
        session: SessionId,
        patch: Value,
        version: Option<i64>,
    ) -> Result<ContextAt> {
        self.touch_session(visitor, session).await?;
        let change = move |context: &mut Context| {
            let updates = context.patch(&patch)?;
            Ok(Edited { updates: Some(updates), value: () })
        };
        self.edit(visitor, session, change, |job, ()| {
            job.active = true;
            match version {
                Some(version) if job.expected_seq != Some(version) => Err(Error::Changed),
                _ => Ok(()),
            }
        })
        .await?;
        self.context(visitor, session).await
    }
}
