//! Long work that the server does for a session: what it is, how far it is, and which state follows which (JOB-1).

mod life;
#[cfg(feature = "openapi")]
mod openapi;
mod progress;
mod scan;
mod transfer;

pub use life::{JobState, JobStep};
pub use progress::{Phase, Progress, Unit};
pub use scan::{Duplicates, FileEntry, ScanParams, ScanResult, TypeTotal};
pub use transfer::{
    Amount, ConflictPolicy, CopyEntry, CopyOutcome, RollbackParams, RollbackResult, TransferParams,
    TransferResult,
};

use serde::{Deserialize, Serialize};

use crate::id::{JobId, SessionId};

/// What kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Walking a location: what is in it.
    Scan,
    /// Copying from a location to another.
    Transfer,
    /// Taking back what a transfer copied.
    Rollback,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobParams {
    /// Walk a location.
    Scan(ScanParams),
    /// Copy from a location to another.
    Transfer(TransferParams),
    /// Take back what a transfer copied.
    Rollback(RollbackParams),
}

impl JobParams {
    /// Its kind.
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Scan(_) => JobKind::Scan,
            Self::Transfer(_) => JobKind::Transfer,
            Self::Rollback(_) => JobKind::Rollback,
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobResult {
    /// Of a location that was walked.
    Scan(ScanResult),
    /// Of a location that was copied.
    Transfer(TransferResult),
    /// Of a transfer that was taken back.
    Rollback(RollbackResult),
}

impl JobResult {
    /// Without what is listed in it: for lists of jobs.
    #[must_use]
    pub fn in_figures(self) -> Self {
        match self {
            Self::Scan(scan) => Self::Scan(scan.in_figures()),
            Self::Transfer(done) => Self::Transfer(TransferResult { failures: Vec::new(), ..done }),
            Self::Rollback(done) => Self::Rollback(RollbackResult { failures: Vec::new(), ..done }),
        }
    }
}

/// Why a job is not what it was to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobFault {
    /// A word that stays: a program goes by this.
    pub code: String,
    /// In words for a person.
    pub message: String,
}

/// One job. Times are server milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobSummary {
    /// The job.
    pub id: JobId,
    /// The session it belongs to.
    pub session: SessionId,
    /// What is to be done.
    pub params: JobParams,
    /// Where it is in its life.
    pub state: JobState,
    /// What somebody asked of it that it has not come to yet: `paused` or `cancelled`.
    pub wanted: Option<JobState>,
    /// How far it is.
    pub progress: Progress,
    /// What came of it, where it is completed; in a list of jobs only its figures.
    pub result: Option<JobResult>,
    /// Why it failed, was cancelled, paused by itself or is tried again.
    pub fault: Option<JobFault>,
    /// How often it was begun.
    pub attempts: u32,
    /// When it was asked for.
    pub created_at_ms: i64,
    /// When it was begun for the first time.
    pub started_at_ms: Option<i64>,
    /// When it came to its end.
    pub ended_at_ms: Option<i64>,
    /// Until then each of its files can be read, where they are not kept as long as the job.
    pub files_until_ms: Option<i64>,
    /// Not before then, where it waits for a time.
    pub not_before_ms: Option<i64>,
}
