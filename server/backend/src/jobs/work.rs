//! What each kind of job does, and how it ends.

use std::sync::Arc;

use holdfast_domain::Error;
use holdfast_domain::job::{JobFault, JobParams, JobResult, Progress};

use super::run::Run;
use super::{rollback, scan, transfer};

/// Why a job did not come to its end.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is somebody else's now: nothing more may be written of it.
    Lost,
    /// It may work the next time.
    Again(JobFault),
    /// It will not.
    Never(JobFault),
}

impl Fault {
    pub(super) fn never(code: &str, message: impl Into<String>) -> Self {
        Self::Never(JobFault { code: code.into(), message: message.into() })
    }

    pub(super) fn again(code: &str, message: impl Into<String>) -> Self {
        Self::Again(JobFault { code: code.into(), message: message.into() })
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let fault = JobFault { code: error.code().into(), message: error.to_string() };
        match error {
            Error::Unavailable | Error::StorageFull | Error::Internal => Self::Again(fault),
            _ => Self::Never(fault),
        }
    }
}

/// Does it, from where it is.
pub(super) async fn work(run: Arc<Run>) -> Result<(JobResult, Progress), Fault> {
    match run.params()? {
        JobParams::Scan(params) => scan::scan(&run, &params).await,
        JobParams::Transfer(params) => transfer::transfer(&run, &params).await,
        JobParams::Rollback(params) => rollback::rollback(&run, &params).await,
    }
}

/// Removes what this server's work left of files, where it does not go on: best effort, as the end comes after it. What
/// remains is found by [`super::tidy`].
pub(super) async fn clean(run: &Run) {
    if let Ok(JobParams::Transfer(params)) = run.params() {
        transfer::clean(run, &params).await;
    }
}
