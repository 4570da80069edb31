//! What happens to a session as a whole: it is completed, a mission is linked to it (CTX-9).

use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionState;
use holdfast_domain::{Error, Result};
use uuid::Uuid;

use super::row::SessionRow;
use crate::column::to_word;
use crate::database::failure;
use crate::{Backend, Visitor};

impl Backend {
    /// Completes a session. Again it changes nothing. Edits still arrive, they were made before their
    /// device knew, and do not make it active again; what is shared from now on does not reach it.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` (it is archived), `StorageFull`, `Unavailable`.
    pub async fn complete_session(&self, visitor: &Visitor, session: SessionId) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let row = self.store.owned_to_change(write.connection()?, visitor, session).await?;
        row.check_not_archived()?;
        if row.state == SessionState::Completed {
            return Ok(());
        }
        sqlx::query("UPDATE sessions SET state = $1, updated_at = $2 WHERE id = $3")
            .bind(to_word(SessionState::Completed)?)
            .bind(self.store.environment.now_ms())
            .bind(session.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await
    }

    /// Links a mission to a session, in place of one that was linked before. The same mission again
    /// changes nothing.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` (the session is archived), `StorageFull`, `Unavailable`.
    pub async fn link_mission(
        &self,
        visitor: &Visitor,
        session: SessionId,
        mission: Uuid,
    ) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let row = self.store.owned_to_change(write.connection()?, visitor, session).await?;
        row.check_not_archived()?;
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

impl SessionRow {
    /// `Conflict` where it is: what is archived is not changed until it is taken out again.
    fn check_not_archived(&self) -> Result<()> {
        if self.state == SessionState::Archived {
            let reason = "This session is archived. Take it out of the archive first.";
            return Err(Error::Conflict { reason: reason.into() });
        }
        Ok(())
    }
}
