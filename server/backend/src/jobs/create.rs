//! Asking for a job.

use holdfast_domain::audit::AuditKind;
use holdfast_domain::event::EventKind;
use holdfast_domain::id::{AccountId, JobId, SessionId};
use holdfast_domain::job::{JobKind, JobParams, JobState, JobSummary, ScanParams, TransferParams};
use holdfast_domain::{Error, Result};

use super::row::{Column, JobRow, seal};
use super::tidy::leaves_files;
use crate::audit::Entry;
use crate::cipher::FORMAT;
use crate::column::{column, to_word};
use crate::database::failure;
use crate::events::Topic;
use crate::locations::check_path;
use crate::{Backend, Visitor};

impl Backend {
    /// An id for a job that a program asks for without one.
    pub fn new_job_id(&self) -> JobId {
        JobId::generate(&*self.store.environment)
    }

    /// Asks for a job; asking twice with one id makes one. It begins when its turn comes.
    ///
    /// # Errors
    /// `InvalidValue` (what is to be done), `NotFound`, `Gone`, `Archived`, `Conflict` (the id is another job's),
    /// `LimitExceeded` (too many wait), `StorageFull`, `Unavailable`.
    pub async fn start_job(
        &self,
        visitor: &Visitor,
        session: SessionId,
        job: JobId,
        params: JobParams,
    ) -> Result<JobSummary> {
        let store = &self.store;
        let mut write = store.database.write().await?;
        let row = store.owned_to_change(write.connection()?, visitor, session).await?;
        if row.state.is_read_only() {
            return Err(Error::Archived);
        }
        if let Some(there) = JobRow::find(write.connection()?, job, "").await? {
            return match there.account == row.account && there.session == session {
                true => there.summary(store, write.connection()?).await,
                false => Err(Error::Conflict { reason: "This id is another job's.".into() }),
            };
        }
        let params = self.checked(write.connection()?, (session, row.account), params).await?;
        self.check_room(write.connection()?, &row.account.to_string()).await?;
        let key = store.keyring.get(write.connection()?, &row.key).await?;
        let (kind, leaves_files) = (to_word(params.kind())?, leaves_files(&params));
        let (now, sealed) =
            (self.now_ms(), seal(store, &key, session, job, Column::Params, &params)?);
        sqlx::query(
            "INSERT INTO jobs (id, session, account, kind, state, attempts, failures, not_before, \
             lease, key, format, params, created_at, untidy) \
             VALUES ($1, $2, $3, $4, $5, 0, 0, $6, 0, $7, $8, $9, $6, $10)",
        )
        .bind(job.to_string())
        .bind(session.to_string())
        .bind(row.account.to_string())
        .bind(kind.clone())
        .bind(to_word(JobState::Pending)?)
        .bind(now)
        .bind(row.key.clone())
        .bind(FORMAT)
        .bind(sealed)
        .bind(i64::from(leaves_files))
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        let made = JobRow::find(write.connection()?, job, "").await?.ok_or(Error::Internal)?;
        made.tell(store, &mut write, &key, EventKind::JobCreated).await?;
        let summary = made.summary(store, write.connection()?).await?;
        let entry = Entry::of(row.account, AuditKind::JobStarted).session(session).detail(&kind);
        entry.write(store, write.connection()?).await?;
        write.ring(Topic::Jobs);
        write.commit().await?;
        Ok(summary)
    }

    /// What is to be done, as it is kept, if the account may have it done.
    async fn checked(
        &self,
        connection: &mut sqlx::AnyConnection,
        (session, account): (SessionId, AccountId),
        params: JobParams,
    ) -> Result<JobParams> {
        match params {
            JobParams::Scan(params) => {
                self.store.location(connection, Some(account), &params.location).await?;
                let path = check_path(&params.path)?;
                Ok(JobParams::Scan(ScanParams { path, ..params }))
            }
            JobParams::Transfer(params) => {
                let written = !params.dry_run;
                let store = &self.store;
                let from = store.check_place(connection, account, params.from, ("from", false));
                let from = from.await?;
                let to = store.check_place(connection, account, params.to, ("to", written)).await?;
                Ok(JobParams::Transfer(TransferParams { from, to, ..params }))
            }
            JobParams::Rollback(params) => {
                self.check_transfer(connection, session, params.transfer).await?;
                Ok(JobParams::Rollback(params))
            }
        }
    }

    /// Whether this is a transfer of the session that has come to its end.
    async fn check_transfer(
        &self,
        connection: &mut sqlx::AnyConnection,
        session: SessionId,
        transfer: JobId,
    ) -> Result<()> {
        let row = JobRow::find(connection, transfer, "").await?;
        let row = row.filter(|row| row.session == session && row.kind == JobKind::Transfer);
        let wrong =
            |reason: &str| Error::InvalidValue { field: "transfer".into(), reason: reason.into() };
        let row = row.ok_or_else(|| wrong("There is no such transfer in this session."))?;
        match row.state.is_live() {
            false => Ok(()),
            true => Err(Error::Conflict { reason: "The transfer has not come to its end.".into() }),
        }
    }

    /// Whether an account may have one more that waits.
    async fn check_room(&self, connection: &mut sqlx::AnyConnection, account: &str) -> Result<()> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS live FROM jobs WHERE account = $1 \
             AND state IN ('pending', 'running', 'paused')",
        )
        .bind(account.to_owned())
        .fetch_one(connection)
        .await
        .map_err(failure)?;
        let live = usize::try_from(column::<i64>(&row, "live")?).unwrap_or(usize::MAX);
        let most = self.store.settings.live_jobs_per_account;
        match live < most {
            true => Ok(()),
            false => Err(Error::limit("live jobs", most, live)),
        }
    }
}
