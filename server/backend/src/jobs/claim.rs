//! Whose turn it is, and who works on it.

use std::time::Duration;

use holdfast_domain::event::EventKind;
use holdfast_domain::id::JobId;
use holdfast_domain::{Error, Result};
use sqlx::AssertSqlSafe;

use super::row::JobRow;
use crate::column::{column, id};
use crate::database::failure;
use crate::store::Store;

/// A server that says nothing for so long is gone, and another one takes over. With the look for such jobs, every second,
/// this is less than the 15 s of JOB-2.
pub(super) const LEASE: Duration = Duration::from_secs(10);

/// Jobs whose servers are gone, in one transaction.
const AT_ONCE: i64 = 100;

pub(super) fn lease_ms() -> i64 {
    i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX)
}

impl Store {
    /// Whether there is a job to begin, or one whose server is gone.
    pub(super) async fn has_work(&self) -> Result<bool> {
        let now = self.environment.now_ms();
        let mut connection = self.database.read().await?;
        let row = sqlx::query(
            "SELECT id FROM jobs WHERE (state = 'pending' AND not_before <= $1) \
             OR (state = 'running' AND (lease_until < $1 OR lease_until > $2)) LIMIT 1",
        )
        .bind(now)
        .bind(now.saturating_add(2 * lease_ms()))
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure)?;
        Ok(row.is_some())
    }

    /// At a start: nobody else works on any, where nobody else serves this database.
    pub(super) async fn take_over_at_start(&self) -> Result<()> {
        if !self.database.dialect.serves_alone() {
            return Ok(());
        }
        let mut write = self.database.write().await?;
        sqlx::query("UPDATE jobs SET lease_until = 0 WHERE state = 'running'")
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await
    }

    /// Has those go on whose servers are gone. A lease that ends later than any would is of a clock that was ahead.
    pub(super) async fn take_over(&self) -> Result<u64> {
        let now = self.environment.now_ms();
        let mut write = self.database.write().await?;
        let sql = format!(
            "UPDATE jobs SET state = 'pending', node = NULL, lease_until = NULL, not_before = $1 \
             WHERE id IN (SELECT id FROM jobs WHERE state = 'running' \
             AND (lease_until < $1 OR lease_until > $2) LIMIT $3{}) AND state = 'running'",
            self.database.dialect.lock_free()
        );
        let done = sqlx::query(AssertSqlSafe(sql))
            .bind(now)
            .bind(now.saturating_add(2 * lease_ms()))
            .bind(AT_ONCE)
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await?;
        Ok(done.rows_affected())
    }

    /// Begins the next job: of the account that has the fewest running, and for which the longest none was begun, the
    /// one that waits longest.
    pub(super) async fn claim(&self) -> Result<Option<JobRow>> {
        let now = self.environment.now_ms();
        let most = i64::try_from(self.settings.running_jobs_per_account).unwrap_or(i64::MAX);
        let mut write = self.database.write().await?;
        let running =
            "SELECT COUNT(*) FROM jobs r WHERE r.account = j.account AND r.state = 'running'";
        let last = "SELECT COALESCE(MAX(r.started_at), 0) FROM jobs r WHERE r.account = j.account";
        let sql = format!(
            "SELECT j.id, j.account FROM jobs j WHERE j.state = 'pending' AND j.not_before <= $1 \
             AND ({running}) < $2 ORDER BY ({running}), ({last}), j.not_before, j.id LIMIT 1{}",
            self.database.dialect.lock_free()
        );
        let found = sqlx::query(AssertSqlSafe(sql))
            .bind(now)
            .bind(most)
            .fetch_optional(write.connection()?)
            .await
            .map_err(failure)?;
        let Some(found) = found else { return Ok(None) };
        let (job, account): (JobId, String) = (id(&found, "id")?, column(&found, "account")?);
        // Two servers that begin jobs of one account do so one after the other.
        let lock = self.database.dialect.lock();
        sqlx::query(AssertSqlSafe(format!("SELECT id FROM accounts WHERE id = $1{lock}")))
            .bind(account.clone())
            .fetch_optional(write.connection()?)
            .await
            .map_err(failure)?;
        let done = sqlx::query(
            "UPDATE jobs SET state = 'running', node = $1, lease = lease + 1, lease_until = $2, \
             attempts = attempts + 1, started_at = COALESCE(started_at, $3) WHERE id = $4 \
             AND state = 'pending' AND (SELECT COUNT(*) FROM jobs r WHERE r.account = $5 \
             AND r.state = 'running') < $6",
        )
        .bind(self.node.to_string())
        .bind(now.saturating_add(lease_ms()))
        .bind(now)
        .bind(job.to_string())
        .bind(account)
        .bind(most)
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        let row = JobRow::find(write.connection()?, job, "").await?.ok_or(Error::Internal)?;
        match self.keyring.get(write.connection()?, &row.key).await {
            // Nobody will ever know what was to be done.
            Err(Error::Damaged) => {
                self.set_aside(row.session, "jobs", &job.to_string());
                sqlx::query("UPDATE jobs SET state = 'failed', ended_at = $1 WHERE id = $2")
                    .bind(now)
                    .bind(job.to_string())
                    .execute(write.connection()?)
                    .await
                    .map_err(failure)?;
                write.commit().await?;
                Ok(None)
            }
            key => {
                row.tell(self, &mut write, &*key?, EventKind::JobStarted).await?;
                write.commit().await?;
                Ok(Some(row))
            }
        }
    }
}
