//! Long work of the open session, for a page (JOB-9): what there is, live, and asking for more.

use holdfast_domain::id::JobId;
use holdfast_domain::job::{JobParams, JobSummary, RollbackParams, ScanParams, TransferParams};
use holdfast_domain::{Error, Result};
use leptos::prelude::*;

use crate::{SessionOptions, UseSession, use_session};

/// What [`use_active_jobs`] gives.
#[derive(Clone, Copy)]
pub struct UseActiveJobs {
    /// Jobs of which something may still come, the newest first; they change as the work goes on.
    pub jobs: Signal<Vec<JobSummary>>,
    /// They are not known yet.
    pub loading: Signal<bool>,
    /// Why they could not be asked for, the last time.
    pub error: Signal<Option<Error>>,
    session: UseSession,
}

impl UseActiveJobs {
    /// Asks the server for them again.
    pub fn refresh(&self) {
        self.session.refresh_jobs();
    }
}

/// The jobs of the open session that wait, run or are paused.
pub fn use_active_jobs() -> UseActiveJobs {
    let session = use_session(SessionOptions::default());
    let live = move || {
        let all = session.jobs.read();
        all.iter().filter(|job| job.state.is_live()).cloned().collect::<Vec<_>>()
    };
    UseActiveJobs {
        jobs: Memo::new(move |_| live()).into(),
        loading: Signal::derive(move || session.jobs_read.read().is_none()),
        error: Signal::derive(move || session.jobs_read.get().and_then(Result::err)),
        session,
    }
}

/// One job of the open session, as long as it is in the list; `None`: it is not, or not yet.
pub fn use_job(id: JobId) -> Signal<Option<JobSummary>> {
    let session = use_session(SessionOptions::default());
    let find = move |_: Option<&Option<JobSummary>>| {
        session.jobs.read().iter().find(|job| job.id == id).cloned()
    };
    Memo::new(find).into()
}

/// Has a location walked, for the open session; the job is in the list when this answers.
///
/// # Errors
/// `InvalidValue` (`location`, `path`), `Archived`, `LimitExceeded`; `Unavailable` where the server cannot be reached.
pub async fn start_scan(session: UseSession, params: ScanParams) -> Result<JobId> {
    session.start_job(JobParams::Scan(params)).await
}

/// Has the files of a location copied to another one, for the open session; the job is in the list when this answers.
///
/// # Errors
/// `InvalidValue` (`from`, `to`), `Archived`, `LimitExceeded`; `Unavailable` where the server cannot be reached.
pub async fn start_transfer(session: UseSession, params: TransferParams) -> Result<JobId> {
    session.start_job(JobParams::Transfer(params)).await
}

/// Has what a transfer of the open session copied removed again, where it is as it was written.
///
/// # Errors
/// `InvalidValue` (`transfer`), `Conflict` (it has not come to its end), `Archived`, `LimitExceeded`; `Unavailable` where
/// the server cannot be reached.
pub async fn roll_back(session: UseSession, transfer: JobId) -> Result<JobId> {
    session.start_job(JobParams::Rollback(RollbackParams { transfer })).await
}
