//! The states of a job.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Where a job is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for its turn, or for its time.
    Pending,
    /// A server works on it.
    Running,
    /// It waits for somebody to say that it goes on.
    Paused,
    /// It is done.
    Completed,
    /// It could not be done.
    Failed,
    /// It was not to be done any more.
    Cancelled,
}

/// What a person does with a job. What its server does is the engine's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStep {
    /// It stops where it is, and can go on from there.
    Pause,
    /// It goes on.
    Resume,
    /// It is not to be done any more.
    Cancel,
    /// It is tried again, from where it came to.
    Retry,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::Running,
        Self::Paused,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Whether something may still come of it.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Pending | Self::Running | Self::Paused)
    }

    /// The state that a step leads to. A running job gets there when its server has stopped. The same step again
    /// changes nothing, so that asking twice does no harm.
    ///
    /// # Errors
    /// [`Error::Conflict`]: this cannot be done from here.
    pub fn after(self, step: JobStep) -> Result<Self> {
        match (step, self) {
            (JobStep::Pause, Self::Pending | Self::Running | Self::Paused) => Ok(Self::Paused),
            (JobStep::Resume, Self::Paused) => Ok(Self::Pending),
            (JobStep::Resume, Self::Pending | Self::Running) => Ok(self),
            (JobStep::Cancel, Self::Pending | Self::Running | Self::Paused | Self::Cancelled) => {
                Ok(Self::Cancelled)
            }
            (JobStep::Retry, Self::Failed | Self::Cancelled) => Ok(Self::Pending),
            (JobStep::Pause | JobStep::Resume | JobStep::Cancel, _) => {
                Err(conflict("This job has come to its end."))
            }
            (JobStep::Retry, Self::Completed) => Err(conflict("This job is done.")),
            (JobStep::Retry, _) => Err(conflict("This job has not come to its end.")),
        }
    }
}

fn conflict(reason: &str) -> Error {
    Error::Conflict { reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_1_every_step_from_every_state() {
        use JobState::{Cancelled, Completed, Failed, Paused, Pending, Running};
        let leads_to = |step: JobStep| JobState::ALL.map(|state| state.after(step).ok());
        assert_eq!(JobState::ALL, [Pending, Running, Paused, Completed, Failed, Cancelled]);
        let paused = Some(Paused);
        assert_eq!(leads_to(JobStep::Pause), [paused, paused, paused, None, None, None]);
        let resumed = [Some(Pending), Some(Running), Some(Pending), None, None, None];
        assert_eq!(leads_to(JobStep::Resume), resumed);
        let cancelled = Some(Cancelled);
        let all = [cancelled, cancelled, cancelled, None, None, cancelled];
        assert_eq!(leads_to(JobStep::Cancel), all);
        let retried = [None, None, None, None, Some(Pending), Some(Pending)];
        assert_eq!(leads_to(JobStep::Retry), retried);
    }
}
