//! Events are kept for some days.

use holdfast_domain::Result;

use crate::Backend;
use crate::column::column;
use crate::database::failure;

/// Rows in one transaction, so that saves need not wait for it.
const ROWS: i64 = 500;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Backend {
    /// Removes those whose days are over.
    pub(crate) async fn sweep_events(&self) -> Result<()> {
        let days = i64::from(self.store.settings.event_days);
        let before = self.now_ms().saturating_sub(days.saturating_mul(DAY_MS));
        while self.sweep_some_events(before).await? {}
        Ok(())
    }

    /// Of one session at a time: its row is changed with them.
    async fn sweep_some_events(&self, before: i64) -> Result<bool> {
        let mut write = self.store.database.write().await?;
        let oldest =
            sqlx::query("SELECT session FROM session_events WHERE at < $1 ORDER BY at LIMIT 1")
                .bind(before)
                .fetch_optional(write.connection()?)
                .await
                .map_err(failure)?;
        let Some(oldest) = oldest else { return Ok(false) };
        let session: String = column(&oldest, "session")?;
        let gone = sqlx::query(
            "DELETE FROM session_events WHERE session = $1 AND seq IN (SELECT seq \
             FROM session_events WHERE session = $1 AND at < $2 \
             ORDER BY seq LIMIT $3) RETURNING seq",
        )
        .bind(session.clone())
        .bind(before)
        .bind(ROWS)
        .fetch_all(write.connection()?)
        .await
        .map_err(failure)?;
        let mut last = 0;
        for row in &gone {
            last = column::<i64>(row, "seq")?.max(last);
        }
        sqlx::query("UPDATE sessions SET events_gone = $1 WHERE id = $2 AND events_gone < $1")
            .bind(last)
            .bind(session)
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await?;
        Ok(true)
    }
}
