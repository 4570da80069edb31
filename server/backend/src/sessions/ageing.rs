//! Sessions that nobody uses: abandoned, then archived (SESS-1). Nothing of them is lost.

use holdfast_domain::event::EventKind;
use holdfast_domain::session::SessionState;
use holdfast_domain::{Error, Result};
use sqlx::AssertSqlSafe;

use crate::Backend;
use crate::column::{column, id, to_word};
use crate::database::{any_of, failure};
use crate::events::NewEvent;

/// Sessions in one transaction, so that saves need not wait for it.
const AT_ONCE: i64 = 256;

/// How many sessions came into a state by themselves.
pub(crate) struct Aged {
    pub(crate) abandoned: u64,
    pub(crate) archived: u64,
}

impl Backend {
    /// Abandons the active sessions that nobody used for the time that is set, and archives those that
    /// were abandoned for as long as that is set.
    pub(crate) async fn age_sessions(&self) -> Result<Aged> {
        let (now, settings) = (self.now_ms(), &self.store.settings);
        // Archiving first: what is abandoned now is not archived by the same sweep, also where the periods
        // are short.
        let archived = self.age(
            "s.state = 'abandoned' AND s.state_at <= $1",
            now.saturating_sub(settings.archive_ms()),
            SessionState::Archived,
        );
        let archived = archived.await?;
        let abandoned = self.age(
            // What works for somebody is in use.
            "s.state = 'active' AND s.active_at <= $1 AND NOT EXISTS (SELECT 1 FROM jobs j \
             WHERE j.session = s.id AND j.state IN ('pending', 'running', 'paused'))",
            now.saturating_sub(settings.abandon_ms()),
            SessionState::Abandoned,
        );
        Ok(Aged { abandoned: abandoned.await?, archived })
    }

    async fn age(&self, idle: &str, since: i64, state: SessionState) -> Result<u64> {
        let (next, now, kind) = (to_word(state)?, self.now_ms(), EventKind::State { state });
        let lock = self.store.database.dialect.lock_sessions();
        let mut aged = 0;
        loop {
            let mut write = self.store.database.write().await?;
            // Locked in the order of their ids, as the writer locks them. Who saved meanwhile is looked at
            // again once the row is ours.
            let sql = format!(
                "SELECT s.id, s.key FROM sessions s WHERE {idle} ORDER BY s.id LIMIT $2{lock}"
            );
            let rows = sqlx::query(AssertSqlSafe(sql))
                .bind(since)
                .bind(AT_ONCE)
                .fetch_all(write.connection()?)
                .await
                .map_err(failure)?;
            let ids: Vec<String> =
                rows.iter().map(|row| column(row, "id")).collect::<Result<_>>()?;
            if ids.is_empty() {
                return Ok(aged);
            }
            let found = u64::try_from(ids.len()).unwrap_or(u64::MAX);
            let (places, ids) = any_of(ids);
            let last = ids.len();
            let sql = format!(
                "UPDATE sessions SET state = ${}, state_at = ${} WHERE id IN ({places})",
                last + 1,
                last + 2
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for id in ids {
                query = query.bind(id);
            }
            query
                .bind(next.clone())
                .bind(now)
                .execute(write.connection()?)
                .await
                .map_err(failure)?;
            for row in &rows {
                let key: String = column(row, "key")?;
                let key = match self.store.keyring.get(write.connection()?, &key).await {
                    // Nothing of it can be read any more; time goes on for it all the same.
                    Err(Error::Damaged) => continue,
                    key => key?,
                };
                let event = NewEvent { session: id(row, "id")?, key: &key, kind: &kind };
                event.append(&self.store, &mut write).await?;
            }
            write.commit().await?;
            aged += found;
        }
    }
}
