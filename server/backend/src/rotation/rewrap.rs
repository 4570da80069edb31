//! The transactions after the first one: each takes no longer than others may wait, and leaves every row whole.

use std::time::{Duration, Instant};

use holdfast_domain::audit::AuditKind;
use holdfast_domain::{Error, Result};
use secrecy::ExposeSecret;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{Rotation, Step};
use crate::audit::Entry;
use crate::backend::{meta, set_meta};
use crate::cipher::FORMAT;
use crate::column::column;
use crate::database::failure;
use crate::keyring::MASTER_KEY;

/// A transaction takes no new row after this time.
const LONGEST: Duration = Duration::from_millis(50);

impl Rotation {
    /// Wraps some keys anew, or finishes where none is left. May be called again after an error, or in another
    /// process.
    ///
    /// # Errors
    /// `Unavailable`, `StorageFull`.
    pub async fn step(&mut self) -> Result<Step> {
        if self.rewrap().await? {
            return Ok(Step::More);
        }
        // From the first row again: some were held by somebody else, or came before where this went on.
        self.after.clear();
        match self.all_done().await? {
            true => self.finish().await.map(|()| Step::Finished),
            false => Ok(Step::More),
        }
    }

    /// Whether there may be more after these.
    async fn rewrap(&mut self) -> Result<bool> {
        let store = self.backend.store.clone();
        let mut write = store.database.write().await?;
        let begun = Instant::now();
        let sql = format!(
            "SELECT id, format, wrapped FROM keys WHERE master = $1 AND id > $2 ORDER BY id LIMIT $3{}",
            store.database.dialect.lock_free()
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(self.previous.id.clone())
            .bind(self.after.clone())
            .bind(store.settings.rotated_keys)
            .fetch_all(write.connection()?)
            .await
            .map_err(failure)?;
        let (mut after, mut damaged, mut rewrapped) = (self.after.clone(), Vec::new(), 0);
        for row in &rows {
            let id: String = column(row, "id")?;
            match self.rewrap_row(write.connection()?, &id, row).await {
                Ok(()) => rewrapped += 1,
                Err(Error::Damaged) => damaged.push(id.clone()),
                Err(error) => return Err(error),
            }
            after = id;
            if begun.elapsed() > LONGEST {
                break;
            }
        }
        write.commit().await?;
        self.after = after;
        self.rewrapped += rewrapped;
        for id in damaged {
            store.damaged.report("keys", &id);
            self.damaged.insert(id);
        }
        Ok(!rows.is_empty())
    }

    async fn rewrap_row(
        &self,
        connection: &mut AnyConnection,
        id: &str,
        row: &AnyRow,
    ) -> Result<()> {
        let wrapped: Vec<u8> = column(row, "wrapped")?;
        let bytes = self.previous.unwrap(column(row, "format")?, id, &wrapped)?;
        let environment = &*self.backend.store.environment;
        let wrapped = self.next.wrap(environment, id, bytes.expose_secret())?;
        sqlx::query("UPDATE keys SET master = $1, format = $2, wrapped = $3 WHERE id = $4")
            .bind(self.next.id.clone())
            .bind(FORMAT)
            .bind(wrapped)
            .bind(id)
            .execute(connection)
            .await
            .map_err(failure)?;
        Ok(())
    }

    /// Whether nothing is left but what is damaged. Nobody stores a key under the one before any more.
    async fn all_done(&self) -> Result<bool> {
        let mut connection = self.backend.store.database.read().await?;
        // One more than are known, so that there is one that is not, if there is any.
        let rows = sqlx::query("SELECT id FROM keys WHERE master = $1 LIMIT $2")
            .bind(self.previous.id.clone())
            .bind(i64::try_from(self.damaged.len()).unwrap_or(i64::MAX - 1) + 1)
            .fetch_all(&mut *connection)
            .await
            .map_err(failure)?;
        for row in &rows {
            if !self.damaged.contains(&column::<String>(row, "id")?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// From here on the database is opened with the next key only.
    async fn finish(&self) -> Result<()> {
        let store = &self.backend.store;
        let mut write = store.database.write().await?;
        let connection = write.connection()?;
        self.backend.lock_wrapping_key(connection).await?;
        // Another process may have been quicker.
        if meta(connection, MASTER_KEY).await?.as_ref() != Some(&self.previous.id) {
            return Ok(());
        }
        set_meta(connection, MASTER_KEY, &self.next.id).await?;
        sqlx::query("UPDATE rotations SET finished_at = $1 WHERE master = $2")
            .bind(store.environment.now_ms())
            .bind(self.next.id.clone())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        Entry::of(None, AuditKind::KeyRotationFinished).write(store, connection).await?;
        write.commit().await
    }
}
