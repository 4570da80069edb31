//! What a person does with a job.

use holdfast_domain::audit::AuditKind;
use holdfast_domain::event::EventKind;
use holdfast_domain::id::{JobId, SessionId};
use holdfast_domain::job::{JobState, JobStep, JobSummary};
use holdfast_domain::{Error, Result};

use super::row::{JobRow, SELECT};
use crate::audit::Entry;
use crate::column::to_word;
use crate::database::{Write, failure};
use crate::events::Topic;
use crate::sessions::SessionRow;
use crate::{Backend, Visitor};

impl Backend {
    /// Takes a job a step on, and says what it is then. A running one is asked to stop: `wanted` says so until its
    /// server has. The same step again changes nothing.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` (impossible from where it is), `StorageFull`, `Unavailable`.
    pub async fn step_job(
        &self,
        visitor: &Visitor,
        job: JobId,
        step: JobStep,
    ) -> Result<JobSummary> {
        let store = &self.store;
        let mut write = store.database.write().await?;
        let lock = store.database.dialect.lock();
        let row = self.owned_job(write.connection()?, visitor, job, lock).await?;
        let next = row.state.after(step)?;
        let runs = row.state == JobState::Running;
        // Whoever wants it cancelled does not want it to go on.
        let wanted = match (runs, next) {
            (true, JobState::Running) => row.wanted.filter(|now| *now == JobState::Cancelled),
            (true, next) => Some(row.wanted.map_or(next, |now| now.max(next))),
            (false, _) => None,
        };
        if wanted == row.wanted && (runs || next == row.state) {
            return row.summary(store, write.connection()?).await;
        }
        let now = self.now_ms();
        let state = if runs { row.state } else { next };
        let again =
            if step == JobStep::Retry { ", failures = 0, fault = NULL, untidy = 1" } else { "" };
        let sql = format!(
            "UPDATE jobs SET state = $1, wanted = $2, wanted_at = $3, ended_at = $4, \
             not_before = $5{again} WHERE id = $6"
        );
        let goes_on = matches!(step, JobStep::Retry | JobStep::Resume) && !runs;
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(to_word(state)?)
            .bind(wanted.map(to_word).transpose()?)
            .bind(wanted.map(|_| now))
            .bind((!state.is_live()).then_some(now))
            .bind(if goes_on { now } else { row.not_before })
            .bind(job.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        let changed = JobRow::find(write.connection()?, job, "").await?.ok_or(Error::NotFound)?;
        let key = store.keyring.get(write.connection()?, &row.key).await?;
        let kind = match state {
            _ if runs => EventKind::JobAsked,
            JobState::Paused => EventKind::JobPaused,
            JobState::Cancelled => EventKind::JobCancelled,
            _ => EventKind::JobResumed,
        };
        changed.tell(store, &mut write, &key, kind).await?;
        let summary = changed.summary(store, write.connection()?).await?;
        if step == JobStep::Cancel {
            let entry = Entry::of(row.account, AuditKind::JobCancelled).session(row.session);
            entry.write(store, write.connection()?).await?;
        }
        write.ring(Topic::Job(job));
        write.ring(Topic::Jobs);
        write.commit().await?;
        Ok(summary)
    }

    /// Cancels what is live of a session that is deleted.
    pub(crate) async fn cancel_jobs(&self, write: &mut Write, session: &SessionRow) -> Result<()> {
        let sql = format!(
            "{SELECT} WHERE j.session = $1 AND j.state IN ('pending', 'running', 'paused') \
             ORDER BY j.id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(session.id.to_string())
            .fetch_all(write.connection()?)
            .await
            .map_err(failure)?;
        for row in &rows {
            self.cancel(write, &JobRow::read(row)?).await?;
        }
        Ok(())
    }

    /// At once, or asked of the server that works on it.
    async fn cancel(&self, write: &mut Write, row: &JobRow) -> Result<()> {
        let (now, runs) = (self.now_ms(), row.state == JobState::Running);
        let sql = match runs {
            true => "UPDATE jobs SET wanted = 'cancelled', wanted_at = $1 WHERE id = $2",
            false => "UPDATE jobs SET state = 'cancelled', ended_at = $1 WHERE id = $2",
        };
        sqlx::query(sql)
            .bind(now)
            .bind(row.id.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.ring(Topic::Job(row.id));
        Ok(())
    }

    /// Removes a job that has come to its end, with what it found.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` (something may still come of it), `Unavailable`.
    pub async fn remove_job(&self, visitor: &Visitor, job: JobId) -> Result<()> {
        let mut connection = self.store.database.read().await?;
        let row = self.owned_job(&mut connection, visitor, job, "").await?;
        drop(connection);
        if row.untidy && !row.state.is_live() {
            self.store.tidy_one(&row).await?;
        }
        let mut write = self.store.database.write().await?;
        let lock = self.store.database.dialect.lock();
        let row = self.owned_job(write.connection()?, visitor, job, lock).await?;
        if row.state.is_live() {
            let reason = "This job has not come to its end.".into();
            return Err(Error::Conflict { reason });
        }
        if row.untidy {
            return Err(Error::Unavailable);
        }
        sqlx::query("DELETE FROM jobs WHERE id = $1")
            .bind(job.to_string())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await
    }

    /// Removes all jobs of the visitor that have come to their end, of a session or of all; how many. One whose parts of
    /// files cannot be removed yet stays.
    ///
    /// # Errors
    /// `NotFound` and `Gone` (session), `NotSignedIn`, `Unavailable`.
    pub async fn clear_jobs(&self, visitor: &Visitor, session: Option<SessionId>) -> Result<u64> {
        let mut write = self.store.database.write().await?;
        if let Some(session) = session {
            self.store.owned(write.connection()?, visitor, session).await?;
        }
        let account = self.store.account(write.connection()?, visitor).await?;
        let Some(account) = account else { return Ok(0) };
        let done = sqlx::query(
            "DELETE FROM jobs WHERE account = $1 AND ($2 = '' OR session = $2) \
             AND state IN ('completed', 'failed', 'cancelled') AND untidy = 0",
        )
        .bind(account.to_string())
        .bind(session.map(|session| session.to_string()).unwrap_or_default())
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        write.commit().await?;
        Ok(done.rows_affected())
    }
}
