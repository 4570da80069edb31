//! Long work: asking for it, finding it, taking it a step on, following it (API-3).

mod report;
mod starts;
mod steps;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use holdfast_backend::JobQuery;
use holdfast_domain::Error;
use holdfast_domain::event::{EventCursor, SessionEvent};
use holdfast_domain::id::{JobId, SessionId};
use holdfast_domain::job::{JobKind, JobState, JobStep, JobSummary};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::events::{From, last_heard, streamed_job};
use super::named::{IdName, segment};
use super::problem::{Answer, Problem};
use super::query::Query;
use crate::AppState;

/// Jobs in a page, where nobody says how many.
const PAGE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, starts::start, clear))
        .routes(routes!(active))
        .routes(routes!(read, end))
        .routes(routes!(events))
        .merge(report::routes())
        .merge(steps::routes())
        .merge(starts::routes())
}

/// A job in an address.
pub(super) struct NamedJob(pub(super) JobId);

impl FromRequestParts<AppState> for NamedJob {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        let id = segment(parts, "id").await.ok_or(Error::InvalidId)?;
        Ok(Self(id.parse()?))
    }
}

/// Which jobs are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Of this session.
    session: Option<SessionId>,
    /// In this state.
    state: Option<JobState>,
    /// Of this kind.
    kind: Option<JobKind>,
    /// At most so many.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// The next page: `next` of the one before.
    #[param(pattern = "^[0-9]{1,15}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    cursor: Option<String>,
}

/// Of which session.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfSession {
    /// The session; without it all of the account's.
    session: Option<SessionId>,
}

/// Some jobs, the newest first.
#[derive(Serialize, ToSchema)]
struct Jobs {
    /// The jobs.
    jobs: Vec<JobSummary>,
    /// For the next page; `null`: there is none.
    next: Option<String>,
}

/// What was removed.
#[derive(Serialize, ToSchema)]
struct Cleared {
    /// How many jobs.
    removed: u64,
}

/// The jobs of the account, or of one of its sessions, the newest first.
#[utoipa::path(
    get, path = "/api/jobs", tag = "jobs", params(Wanted), responses((status = OK, body = Jobs))
)]
async fn list(caller: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<Jobs>> {
    let limit = wanted.limit.unwrap_or(PAGE);
    if !(1..=200).contains(&limit) {
        let reason = "1 to 200 jobs".into();
        return Err(Error::InvalidValue { field: "limit".into(), reason }.into());
    }
    let Wanted { session, state, kind, cursor, .. } = wanted;
    find(&caller, JobQuery { session, state, kind, live: false, limit, after: cursor }).await
}

/// The jobs of which something may still come: pending, running and paused ones, at most 200.
#[utoipa::path(
    get, path = "/api/jobs/active", tag = "jobs", params(OfSession),
    responses((status = OK, body = Jobs))
)]
async fn active(caller: Caller, Query(of): Query<OfSession>) -> Answer<Json<Jobs>> {
    let (session, limit) = (of.session, 200);
    find(&caller, JobQuery { session, live: true, limit, ..JobQuery::default() }).await
}

async fn find(caller: &Caller, query: JobQuery) -> Answer<Json<Jobs>> {
    let page = caller.backend.find_jobs(&caller.visitor, &query).await?;
    Ok(Json(Jobs { jobs: page.jobs, next: page.next }))
}

/// Remove all jobs that have come to their end.
#[utoipa::path(
    delete, path = "/api/jobs", tag = "jobs", params(OfSession),
    responses((status = OK, body = Cleared))
)]
async fn clear(caller: Caller, Query(of): Query<OfSession>) -> Answer<Json<Cleared>> {
    let removed = caller.backend.clear_jobs(&caller.visitor, of.session).await?;
    Ok(Json(Cleared { removed }))
}

/// One job.
#[utoipa::path(
    get, path = "/api/jobs/{id}", tag = "jobs", params(("id" = IdName, Path)),
    responses((status = OK, body = JobSummary))
)]
async fn read(caller: Caller, NamedJob(job): NamedJob) -> Answer<Json<JobSummary>> {
    Ok(Json(caller.backend.job(&caller.visitor, job).await?))
}

/// Cancel a live job; remove one that has come to its end.
#[utoipa::path(
    delete, path = "/api/jobs/{id}", tag = "jobs", params(("id" = IdName, Path)),
    responses(
        (status = OK, description = "It is, or is going to be, cancelled", body = JobSummary),
        (status = NO_CONTENT, description = "It is gone")
    )
)]
async fn end(caller: Caller, NamedJob(job): NamedJob) -> Answer<Response> {
    let (backend, visitor) = (&caller.backend, &caller.visitor);
    if backend.job(visitor, job).await?.state.is_live() {
        let cancelled = backend.step_job(visitor, job, JobStep::Cancel).await;
        // It may have come to its end by itself: that is what was wanted, and it is not removed unseen.
        let summary = match cancelled {
            Err(Error::Conflict { .. }) => backend.job(visitor, job).await?,
            cancelled => cancelled?,
        };
        return Ok(Json(summary).into_response());
    }
    backend.remove_job(visitor, job).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What happens to a job.
///
/// A stream of server-sent events, from the beginning or from where the client was (`Last-Event-ID`), to the job's end:
/// `job_created`, `job_started`, `job_progress`, …, and last `job_completed`, `job_failed` or `job_cancelled`. Whoever
/// has heard of the end is answered 204.
#[utoipa::path(
    get, path = "/api/jobs/{id}/events", tag = "jobs",
    params(("id" = IdName, Path), From, ("Last-Event-ID" = Option<String>, Header)),
    responses(
        (status = OK, body = SessionEvent, content_type = "text/event-stream"),
        (status = NO_CONTENT, description = "It has come to its end, and that was heard")
    )
)]
async fn events(
    caller: Caller,
    NamedJob(job): NamedJob,
    headers: HeaderMap,
    Query(from): Query<From>,
) -> Answer<Response> {
    let heard: Option<EventCursor> = last_heard(&headers, &from)?;
    match caller.backend.watch_job(&caller.visitor, job, heard).await? {
        Some(watch) => Ok(streamed_job(watch)),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}
