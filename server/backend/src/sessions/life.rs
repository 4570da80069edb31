//! What happens to a session as a whole: it is completed, a mission is linked to it.

use holdfast_domain::Result;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionState;
use uuid::Uuid;

use crate::database::failure;
use crate::{Backend, Visitor};

impl Backend {
    /// Completes a session. Again it changes nothing; edits still arrive, they were made before their
    /// device knew.
    ///
    /// # Errors
    /// `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn complete_session(&self, visitor: &Visitor, session: SessionId) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let row = self.store.owned(write.connection()?, visitor, session).await?;
        if row.state == SessionState::Completed {
            return Ok(());
        }
        sqlx::query("UPDATE sessions SET state = 'completed', updated_at = $1 WHERE id = $2")
            .bind(self.store.environment.now_ms())
            .bind(session.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await
    }

    /// Links a mission to a session, in place of one that was linked before.
    ///
    /// # Errors
    /// `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn link_mission(
        &self,
        visitor: &Visitor,
        session: SessionId,
        mission: Uuid,
    ) -> Result<()> {
        let mut write = self.store.database.write().await?;
        self.store.owned(write.connection()?, visitor, session).await?;
        sqlx::query("UPDATE sessions SET mission = $1, updated_at = $2 WHERE id = $3")
            .bind(mission.to_string())
            .bind(self.store.environment.now_ms())
            .bind(session.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await
    }
}
