//! Finding jobs.

use holdfast_domain::id::{JobId, SessionId};
use holdfast_domain::job::{JobKind, JobResult, JobState, JobSummary};
use holdfast_domain::{Error, Result};
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{JobRow, SELECT};
use crate::column::to_word;
use crate::database::failure;
use crate::{Backend, Visitor};

/// The most that one page holds.
const MOST: usize = 200;

/// Which jobs are wanted; all of the account's by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobQuery {
    /// Of this session.
    pub session: Option<SessionId>,
    /// In this state.
    pub state: Option<JobState>,
    /// Of this kind.
    pub kind: Option<JobKind>,
    /// Only those of which something may still come.
    pub live: bool,
    /// So many, 1 to 200.
    pub limit: usize,
    /// After this place: [`JobPage::next`] of the page before.
    pub after: Option<String>,
}

/// Some jobs, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobPage {
    /// The jobs.
    pub jobs: Vec<JobSummary>,
    /// Where the next page begins; `None`: there is none.
    pub next: Option<String>,
}

/// A place in the list: `<created>_<id>`.
fn place(text: &str) -> Result<(i64, JobId)> {
    let read = || {
        let (created, id) = text.split_once('_')?;
        Some((created.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Error::malformed("cursor"))
}

impl Backend {
    /// A page of the visitor's jobs, the newest first, their results in figures only.
    ///
    /// # Errors
    /// `Malformed` (cursor), `NotFound` and `Gone` (session), `NotSignedIn`, `Unavailable`.
    pub async fn find_jobs(&self, visitor: &Visitor, query: &JobQuery) -> Result<JobPage> {
        let after = query.after.as_deref().map(place).transpose()?;
        let mut connection = self.store.database.read().await?;
        if let Some(session) = query.session {
            self.store.owned(&mut connection, visitor, session).await?;
        }
        let Some(account) = self.store.account(&mut connection, visitor).await? else {
            return Ok(JobPage { jobs: Vec::new(), next: None });
        };
        let limit = query.limit.clamp(1, MOST);
        let live = if query.live { "AND j.state IN ('pending', 'running', 'paused')" } else { "" };
        let sql = format!(
            "{SELECT} WHERE j.account = $1 AND ($2 = '' OR j.session = $2) \
             AND ($3 = '' OR j.state = $3) AND ($4 = '' OR j.kind = $4) {live} \
             AND (j.created_at < $5 OR (j.created_at = $5 AND j.id < $6)) \
             ORDER BY j.created_at DESC, j.id DESC LIMIT $7"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(account.to_string())
            .bind(query.session.map(|session| session.to_string()).unwrap_or_default())
            .bind(query.state.map(to_word).transpose()?.unwrap_or_default())
            .bind(query.kind.map(to_word).transpose()?.unwrap_or_default())
            .bind(after.map_or(i64::MAX, |(created, _)| created))
            .bind(after.map(|(_, id)| id.to_string()).unwrap_or_default())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
            .fetch_all(&mut *connection)
            .await
            .map_err(failure)?;
        let mut rows = rows.iter().map(JobRow::read).collect::<Result<Vec<_>>>()?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next = last.map(|last| format!("{}_{}", last.created_at, last.id));
        let mut jobs = Vec::with_capacity(rows.len());
        for row in &rows {
            match row.summary(&self.store, &mut connection).await {
                // It stays where it is, and the others are shown.
                Err(Error::Damaged) => {
                    self.store.set_aside(row.session, "jobs", &row.id.to_string());
                }
                summary => {
                    let summary = summary?;
                    let result = summary.result.map(JobResult::in_figures);
                    jobs.push(JobSummary { result, ..summary });
                }
            }
        }
        Ok(JobPage { jobs, next })
    }

    /// One job.
    ///
    /// # Errors
    /// `NotFound`, `NotSignedIn`, `Unavailable`, `Damaged`.
    pub async fn job(&self, visitor: &Visitor, job: JobId) -> Result<JobSummary> {
        let mut connection = self.store.database.read().await?;
        let row = self.owned_job(&mut connection, visitor, job, "").await?;
        row.summary(&self.store, &mut connection).await
    }

    /// A job, if it is the visitor's.
    pub(super) async fn owned_job(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
        job: JobId,
        lock: &str,
    ) -> Result<JobRow> {
        let account = self.store.account(connection, visitor).await?;
        let row = JobRow::find(connection, job, lock).await?;
        let row = row.filter(|row| Some(row.account) == account).ok_or(Error::NotFound)?;
        // One whose session is deleted comes back with it.
        self.store.owned(connection, visitor, row.session).await?;
        Ok(row)
    }
}
