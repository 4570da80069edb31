//! How work on a job ended, written down as long as it is this server's.

use holdfast_domain::Result;
use holdfast_domain::event::{EventKind, JobEvent};
use holdfast_domain::job::{JobFault, JobResult, JobState, Progress};
use serde::Serialize;

use super::row::{Column, JobRow, seal};
use super::run::Run;
use crate::column::to_word;
use crate::database::failure;
use crate::events::Topic;

/// So often in a row a job is tried again by itself, without having come further in between.
const TRIES: i64 = 5;

/// The wait before the second try; each next one is twice as long.
const WAIT_MS: i64 = 1_000;

/// How it ended.
pub(super) enum End {
    Completed(JobResult, Progress),
    /// It went wrong; whether it may be tried again.
    Fault(JobFault, bool),
    /// Somebody wanted it so.
    Stopped(JobState),
    /// This server stops.
    HandedOver,
}

impl End {
    /// Whether nothing more is to be done, as far as is known here.
    pub(super) fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Completed(..) | Self::Fault(_, false) | Self::Stopped(JobState::Cancelled)
        )
    }

    /// For the log.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Completed(..) => "completed",
            Self::Fault(_, true) => "tried again",
            Self::Fault(_, false) => "failed",
            Self::Stopped(_) => "stopped",
            Self::HandedOver => "handed over",
        }
    }
}

/// What is written.
struct Written {
    state: JobState,
    not_before: i64,
    failures: i64,
    result: Option<Vec<u8>>,
    progress: Option<Vec<u8>>,
    fault: Option<Vec<u8>>,
    tell: Option<fn(JobEvent) -> EventKind>,
}

impl Run {
    /// Writes it, if nobody else has the job by now.
    pub(super) async fn finish(&self, end: &End) -> Result<()> {
        let (store, row) = (&*self.store, &self.row);
        let written = self.written(end)?;
        let now = store.environment.now_ms();
        let mut write = store.database.write().await?;
        let done = sqlx::query(
            "UPDATE jobs SET state = $1, wanted = NULL, wanted_at = NULL, not_before = $2, \
             failures = $3, result = COALESCE($4, result), progress = COALESCE($5, progress), \
             fault = $6, ended_at = $7, node = NULL, lease_until = NULL \
             WHERE id = $8 AND lease = $9 AND state = 'running'",
        )
        .bind(to_word(written.state)?)
        .bind(written.not_before)
        .bind(written.failures)
        .bind(written.result)
        .bind(written.progress)
        .bind(written.fault)
        .bind((!written.state.is_live()).then_some(now))
        .bind(row.id.to_string())
        .bind(row.lease)
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        if done.rows_affected() == 0 {
            return Ok(());
        }
        if let Some(kind) = written.tell
            && let Some(changed) = JobRow::find(write.connection()?, row.id, "").await?
        {
            changed.tell(store, &mut write, &self.key, kind).await?;
        }
        write.ring(Topic::Jobs);
        write.commit().await
    }

    fn written(&self, end: &End) -> Result<Written> {
        let (row, failures) = (&self.row, self.failures());
        let nothing = Written {
            state: JobState::Pending,
            not_before: row.not_before,
            failures,
            result: None,
            progress: None,
            fault: None,
            tell: None,
        };
        Ok(match end {
            End::Completed(result, progress) => Written {
                state: JobState::Completed,
                result: Some(self.sealed(Column::Result, result)?),
                progress: Some(self.sealed(Column::Progress, progress)?),
                tell: Some(EventKind::JobCompleted),
                ..nothing
            },
            End::Fault(fault, true) if failures + 1 < TRIES => {
                let now = self.store.environment.now_ms();
                let doubled = WAIT_MS << failures.clamp(0, TRIES);
                Written {
                    not_before: now.saturating_add(doubled),
                    failures: failures + 1,
                    fault: Some(self.sealed(Column::Fault, fault)?),
                    tell: Some(EventKind::JobRetrying),
                    ..nothing
                }
            }
            End::Fault(fault, _) => Written {
                state: JobState::Failed,
                fault: Some(self.sealed(Column::Fault, fault)?),
                tell: Some(EventKind::JobFailed),
                ..nothing
            },
            End::Stopped(JobState::Cancelled) => Written {
                state: JobState::Cancelled,
                tell: Some(EventKind::JobCancelled),
                ..nothing
            },
            End::Stopped(_) => {
                Written { state: JobState::Paused, tell: Some(EventKind::JobPaused), ..nothing }
            }
            End::HandedOver => nothing,
        })
    }

    fn sealed(&self, column: Column, value: &impl Serialize) -> Result<Vec<u8>> {
        let row = &self.row;
        seal(&self.store, &self.key, row.session, row.id, column, value)
    }
}
