//! Destroying a session for good: its rows, and with its key whatever a backup still has of them (SEC-5).

use holdfast_domain::Result;
use holdfast_domain::id::SessionId;

use crate::Backend;
use crate::column::column;
use crate::database::failure;

/// Rows in one transaction, so that saves need not wait for it.
const ROWS: i64 = 500;
/// Bases in one transaction: each holds a whole context.
const BASES: i64 = 4;

/// What a session can have much of.
const LARGE: [(&str, i64); 2] = [
    (
        "DELETE FROM context_updates WHERE session = $1 AND seq IN \
         (SELECT seq FROM context_updates WHERE session = $1 LIMIT $2)",
        ROWS,
    ),
    (
        "DELETE FROM context_bases WHERE session = $1 AND seq IN \
         (SELECT seq FROM context_bases WHERE session = $1 LIMIT $2)",
        BASES,
    ),
];

impl Backend {
    /// Takes away everything of a session that nobody can reach any more. Broken off, it is to be called again.
    pub(crate) async fn destroy_session(&self, session: SessionId) -> Result<()> {
        for (sql, rows) in LARGE {
            loop {
                let mut write = self.store.database.write().await?;
                let done = sqlx::query(sql)
                    .bind(session.to_string())
                    .bind(rows)
                    .execute(write.connection()?)
                    .await
                    .map_err(failure)?;
                write.commit().await?;
                if done.rows_affected() == 0 {
                    break;
                }
            }
        }
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let row = sqlx::query("SELECT key FROM sessions WHERE id = $1")
            .bind(session.to_string())
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure)?;
        let Some(row) = row else { return Ok(()) };
        // The rest goes with it.
        sqlx::query("DELETE FROM sessions WHERE id = $1")
            .bind(session.to_string())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        self.store.keyring.destroy(connection, &column::<String>(&row, "key")?).await?;
        write.commit().await?;
        self.store.heads.forget(session);
        self.store.documents.forget(session);
        Ok(())
    }
}
