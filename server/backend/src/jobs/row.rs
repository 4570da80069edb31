//! A row of `jobs`.

use holdfast_domain::event::{EventKind, JobEvent};
use holdfast_domain::id::{AccountId, JobId, SessionId};
use holdfast_domain::job::{JobKind, JobState, JobSummary, Progress};
use holdfast_domain::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::sweep::forgets_files;
use crate::cipher::{Key, Place};
use crate::column::{column, id, optional_word, word};
use crate::database::{Write, failure};
use crate::events::NewEvent;
use crate::store::Store;

/// The columns [`JobRow::read`] reads; callers add conditions on `j`.
pub(super) const SELECT: &str = "SELECT j.id, j.session, j.account, j.kind, j.state, j.wanted, \
     j.attempts, j.failures, j.not_before, j.lease, j.key, j.format, j.params, j.progress, j.cursor, j.result, \
     j.fault, j.created_at, j.started_at, j.ended_at, j.untidy FROM jobs j";

/// Sealed columns.
#[derive(Clone, Copy)]
pub(super) enum Column {
    Params,
    Progress,
    Cursor,
    Result,
    Fault,
}

impl Column {
    fn place(self) -> &'static str {
        match self {
            Self::Params => "jobs.params",
            Self::Progress => "jobs.progress",
            Self::Cursor => "jobs.cursor",
            Self::Result => "jobs.result",
            Self::Fault => "jobs.fault",
        }
    }
}

/// A job as it is stored.
#[derive(Clone)]
pub(super) struct JobRow {
    pub(super) id: JobId,
    pub(super) session: SessionId,
    pub(super) account: AccountId,
    pub(super) kind: JobKind,
    pub(super) state: JobState,
    pub(super) wanted: Option<JobState>,
    pub(super) attempts: i64,
    pub(super) failures: i64,
    pub(super) not_before: i64,
    pub(super) lease: i64,
    pub(super) key: String,
    format: i64,
    params: Vec<u8>,
    progress: Option<Vec<u8>>,
    cursor: Option<Vec<u8>>,
    result: Option<Vec<u8>>,
    fault: Option<Vec<u8>>,
    pub(super) created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    /// It may have left parts of files.
    pub(super) untidy: bool,
}

impl JobRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: id(row, "id")?,
            session: id(row, "session")?,
            account: id(row, "account")?,
            kind: word(row, "kind")?,
            state: word(row, "state")?,
            wanted: optional_word(row, "wanted")?,
            attempts: column(row, "attempts")?,
            failures: column(row, "failures")?,
            not_before: column(row, "not_before")?,
            lease: column(row, "lease")?,
            key: column(row, "key")?,
            format: column(row, "format")?,
            params: column(row, "params")?,
            progress: column(row, "progress")?,
            cursor: column(row, "cursor")?,
            result: column(row, "result")?,
            fault: column(row, "fault")?,
            created_at: column(row, "created_at")?,
            started_at: column(row, "started_at")?,
            ended_at: column(row, "ended_at")?,
            untidy: column::<i64>(row, "untidy")? != 0,
        })
    }

    /// By its id; `lock` ends the query.
    pub(super) async fn find(
        connection: &mut AnyConnection,
        job: JobId,
        lock: &str,
    ) -> Result<Option<Self>> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE j.id = $1{lock}")))
            .bind(job.to_string())
            .fetch_optional(connection)
            .await
            .map_err(failure)?;
        row.as_ref().map(Self::read).transpose()
    }

    fn sealed(&self, column: Column) -> Option<&[u8]> {
        match column {
            Column::Params => Some(&self.params),
            Column::Progress => self.progress.as_deref(),
            Column::Cursor => self.cursor.as_deref(),
            Column::Result => self.result.as_deref(),
            Column::Fault => self.fault.as_deref(),
        }
    }

    /// What a column holds. `Damaged` where it cannot be read.
    pub(super) fn open<T: DeserializeOwned>(&self, key: &Key, column: Column) -> Result<Option<T>> {
        let Some(sealed) = self.sealed(column) else { return Ok(None) };
        let (owner, id) = (self.session.to_string(), self.id.to_string());
        let place = Place { table: column.place(), owner: &owner, id: &id };
        let plain = key.open(self.format, place, sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| Error::Damaged)
    }

    pub(super) async fn summary(
        &self,
        store: &Store,
        connection: &mut AnyConnection,
    ) -> Result<JobSummary> {
        let key = store.keyring.get(connection, &self.key).await?;
        Ok(JobSummary {
            id: self.id,
            session: self.session,
            params: self.open(&key, Column::Params)?.ok_or(Error::Damaged)?,
            state: self.state,
            wanted: self.wanted,
            progress: self.open(&key, Column::Progress)?.unwrap_or_default(),
            result: self.open(&key, Column::Result)?,
            fault: self.open(&key, Column::Fault)?,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            created_at_ms: self.created_at,
            started_at_ms: self.started_at,
            ended_at_ms: self.ended_at,
            files_until_ms: self
                .ended_at
                .filter(|_| forgets_files(self.kind))
                .map(|ended_at| ended_at.saturating_add(store.settings.job_files_ms())),
            not_before_ms: (self.state == JobState::Pending && self.not_before > self.created_at)
                .then_some(self.not_before),
        })
    }

    /// Tells watchers what became of it: an event as the row says it is now.
    pub(super) async fn tell(
        &self,
        store: &Store,
        write: &mut Write,
        key: &Key,
        kind: impl FnOnce(JobEvent) -> EventKind,
    ) -> Result<()> {
        let progress: Option<Progress> = self.open(key, Column::Progress)?;
        let kind = kind(JobEvent {
            job: self.id,
            work: self.kind,
            state: self.state,
            wanted: self.wanted,
            progress: progress.unwrap_or_default(),
            fault: self.open(key, Column::Fault)?,
        });
        NewEvent { session: self.session, key, kind: &kind }.append(store, write).await?;
        Ok(())
    }
}

/// Seals a value for a column of a job.
pub(super) fn seal<T: Serialize>(
    store: &Store,
    key: &Key,
    session: SessionId,
    job: JobId,
    column: Column,
    value: &T,
) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(value).map_err(|_| Error::Internal)?;
    let (owner, id) = (session.to_string(), job.to_string());
    let place = Place { table: column.place(), owner: &owner, id: &id };
    key.seal(&*store.environment, place, &plain)
}
