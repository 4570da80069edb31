//! What happens in a session, as whoever watches it is told: a log in order, which can be read on from any place.

mod cursor;
mod watched;

pub use cursor::EventCursor;
pub use watched::Watched;

use serde::{Deserialize, Serialize};

use crate::id::{JobId, SessionId, SnapshotId};
use crate::job::{JobFault, JobKind, JobState, JobSummary, Progress};
use crate::session::SessionState;

/// One thing that a watcher is told. As JSON the fields of [`EventKind`] stand beside these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionEvent {
    /// Where it happened.
    pub session: SessionId,
    /// Whoever goes on from here misses nothing and hears nothing twice.
    pub cursor: EventCursor,
    /// When, in milliseconds since the Unix epoch by the server's clock.
    pub at_ms: i64,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// The stream begins. Not in the log.
    Opened,
    /// Events before this one are not kept any more: what is known of the session is to be read anew. Not in the
    /// log.
    Gap,
    /// The stream goes on without this session. Not in the log.
    Ended {
        /// Why: the code of an error, `gone` for example.
        code: String,
    },
    /// The context changed; several changes may be told as one. Not in the log, as it follows from that of the
    /// context.
    Context {
        /// The version that it has now.
        version: i64,
    },
    /// The session has another name.
    Renamed {
        /// The name.
        name: String,
    },
    /// The session came into another state.
    State {
        /// The state.
        state: SessionState,
    },
    /// Something became of a snapshot.
    Snapshot {
        /// The snapshot.
        snapshot: SnapshotId,
        /// What.
        change: SnapshotChange,
    },
    /// A job was asked for.
    JobCreated(JobEvent),
    /// A server began to work on it, for the first time or again.
    JobStarted(JobEvent),
    /// It is so far.
    JobProgress(JobEvent),
    /// Somebody asked of a running one what it has not come to yet.
    JobAsked(JobEvent),
    /// It waits for somebody to say that it goes on.
    JobPaused(JobEvent),
    /// It goes on, when its turn comes.
    JobResumed(JobEvent),
    /// It went wrong and is tried again by itself.
    JobRetrying(JobEvent),
    /// It is done.
    JobCompleted(JobEvent),
    /// It could not be done.
    JobFailed(JobEvent),
    /// It was not to be done any more.
    JobCancelled(JobEvent),
}

/// A job, as it is after an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobEvent {
    /// The job.
    pub job: JobId,
    /// What kind of work.
    pub work: JobKind,
    /// Where it is in its life.
    pub state: JobState,
    /// What somebody asked of it that it has not come to yet.
    pub wanted: Option<JobState>,
    /// How far it is.
    pub progress: Progress,
    /// Why it is not what it was to be.
    pub fault: Option<JobFault>,
}

/// What became of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SnapshotChange {
    /// It was taken.
    Taken,
    /// It was pinned, or is pinned no longer.
    Pinned,
    /// It was deleted.
    Deleted,
}

impl EventKind {
    /// The names of all kinds, as their JSON has them.
    pub const NAMES: [&str; 17] = [
        "opened",
        "gap",
        "ended",
        "context",
        "renamed",
        "state",
        "snapshot",
        "job_created",
        "job_started",
        "job_progress",
        "job_asked",
        "job_paused",
        "job_resumed",
        "job_retrying",
        "job_completed",
        "job_failed",
        "job_cancelled",
    ];

    /// How a job ended, as its last event says it.
    pub fn of_ended(summary: &JobSummary) -> Self {
        let event = JobEvent {
            job: summary.id,
            work: summary.params.kind(),
            state: summary.state,
            wanted: None,
            progress: summary.progress,
            fault: summary.fault.clone(),
        };
        match summary.state {
            JobState::Completed => Self::JobCompleted(event),
            JobState::Cancelled => Self::JobCancelled(event),
            _ => Self::JobFailed(event),
        }
    }

    /// The job it is about.
    pub fn job(&self) -> Option<&JobEvent> {
        match self {
            Self::JobCreated(job)
            | Self::JobStarted(job)
            | Self::JobProgress(job)
            | Self::JobAsked(job)
            | Self::JobPaused(job)
            | Self::JobResumed(job)
            | Self::JobRetrying(job)
            | Self::JobCompleted(job)
            | Self::JobFailed(job)
            | Self::JobCancelled(job) => Some(job),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Gap => "gap",
            Self::Ended { .. } => "ended",
            Self::Context { .. } => "context",
            Self::Renamed { .. } => "renamed",
            Self::State { .. } => "state",
            Self::Snapshot { .. } => "snapshot",
            Self::JobCreated(_) => "job_created",
            Self::JobStarted(_) => "job_started",
            Self::JobProgress(_) => "job_progress",
            Self::JobAsked(_) => "job_asked",
            Self::JobPaused(_) => "job_paused",
            Self::JobResumed(_) => "job_resumed",
            Self::JobRetrying(_) => "job_retrying",
            Self::JobCompleted(_) => "job_completed",
            Self::JobFailed(_) => "job_failed",
            Self::JobCancelled(_) => "job_cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_3_an_event_says_its_kind_by_the_name_it_is_sent_under() {
        let job = JobEvent {
            job: JobId::from(uuid::Uuid::nil()),
            work: JobKind::Scan,
            state: JobState::Running,
            wanted: None,
            progress: Progress::default(),
            fault: None,
        };
        let kinds = [
            EventKind::Opened,
            EventKind::Gap,
            EventKind::Ended { code: "gone".into() },
            EventKind::Context { version: 7 },
            EventKind::Renamed { name: "Lofoten".into() },
            EventKind::State { state: SessionState::Archived },
            EventKind::Snapshot {
                snapshot: SnapshotId::from(uuid::Uuid::nil()),
                change: SnapshotChange::Taken,
            },
            EventKind::JobCreated(job.clone()),
            EventKind::JobStarted(job.clone()),
            EventKind::JobProgress(job.clone()),
            EventKind::JobAsked(job.clone()),
            EventKind::JobPaused(job.clone()),
            EventKind::JobResumed(job.clone()),
            EventKind::JobRetrying(job.clone()),
            EventKind::JobCompleted(job.clone()),
            EventKind::JobFailed(job.clone()),
            EventKind::JobCancelled(job),
        ];
        let names = kinds.each_ref().map(EventKind::name);
        assert_eq!(names, EventKind::NAMES);
        for kind in kinds {
            let event = SessionEvent {
                session: SessionId::from(uuid::Uuid::nil()),
                cursor: EventCursor { seq: 3, context: 9, incarnation: 0xab },
                at_ms: 1,
                kind,
            };
            let json = serde_json::to_value(&event).unwrap();
            assert_eq!(json["kind"], event.kind.name());
            assert_eq!(json["cursor"], "3.9.000000ab");
            assert_eq!(serde_json::from_value::<SessionEvent>(json).unwrap(), event);
        }
    }
}
