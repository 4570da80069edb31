//! What jobs that have come to their end keep of the database (JOB-4): each file of a scan for some hours, the job itself for
//! some days. Of a transfer its copies stay as long as the job, as its rollback goes by them.

use holdfast_domain::Result;
use holdfast_domain::job::JobKind;
use sqlx::AssertSqlSafe;

use crate::Backend;
use crate::database::failure;

/// Jobs in one transaction, so that saves need not wait for it.
const JOBS: i64 = 20;

/// Those that have come to their end.
const ENDED: &str = "state IN ('completed', 'failed', 'cancelled') AND ended_at < $1";

/// Whether what a job found or did with each file goes before the job does.
pub(super) fn forgets_files(kind: JobKind) -> bool {
    match kind {
        JobKind::Scan | JobKind::Rollback => true,
        JobKind::Transfer => false,
    }
}

impl Backend {
    /// Removes what has had its time.
    pub(crate) async fn sweep_jobs(&self) -> Result<()> {
        let (now, settings) = (self.now_ms(), &self.store.settings);
        while self.sweep_some_files(now.saturating_sub(settings.job_files_ms())).await? {}
        while self.sweep_some_jobs(now.saturating_sub(settings.job_ms())).await? {}
        Ok(())
    }

    /// A job without its files begins anew when it is tried again.
    async fn sweep_some_files(&self, before: i64) -> Result<bool> {
        let sql = format!(
            "SELECT j.id FROM jobs j WHERE j.kind IN ('scan', 'rollback') AND j.{ENDED} \
             AND EXISTS (SELECT 1 FROM job_parts p WHERE p.job = j.id) LIMIT $2"
        );
        let mut write = self.store.database.write().await?;
        let ids = self.ended(&mut write, sql, before).await?;
        for id in &ids {
            for sql in [
                "DELETE FROM job_parts WHERE job = $1",
                "UPDATE jobs SET cursor = NULL WHERE id = $1",
            ] {
                sqlx::query(sql)
                    .bind(id.clone())
                    .execute(write.connection()?)
                    .await
                    .map_err(failure)?;
            }
        }
        write.commit().await?;
        Ok(!ids.is_empty())
    }

    /// One that left parts of files waits until they are removed.
    async fn sweep_some_jobs(&self, before: i64) -> Result<bool> {
        let sql = format!("SELECT j.id FROM jobs j WHERE j.{ENDED} AND j.untidy = 0 LIMIT $2");
        let mut write = self.store.database.write().await?;
        let ids = self.ended(&mut write, sql, before).await?;
        for id in &ids {
            sqlx::query("DELETE FROM jobs WHERE id = $1")
                .bind(id.clone())
                .execute(write.connection()?)
                .await
                .map_err(failure)?;
        }
        write.commit().await?;
        Ok(!ids.is_empty())
    }

    async fn ended(
        &self,
        write: &mut crate::database::Write,
        sql: String,
        before: i64,
    ) -> Result<Vec<String>> {
        let lock = self.store.database.dialect.lock_free();
        let rows = sqlx::query(AssertSqlSafe(format!("{sql}{lock}")))
            .bind(before)
            .bind(JOBS)
            .fetch_all(write.connection()?)
            .await
            .map_err(failure)?;
        rows.iter().map(|row| crate::column::column(row, "id")).collect()
    }
}
