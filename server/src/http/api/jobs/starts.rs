//! Asking for a job, and following it by the same call.

use axum::Json;
use axum::response::{IntoResponse, Response};
use holdfast_domain::event::SessionEvent;
use holdfast_domain::id::{JobId, SessionId};
use holdfast_domain::job::{ConflictPolicy, JobParams, JobSummary, ScanParams, TransferParams};
use holdfast_domain::location::Place;
use holdfast_domain::{Error, Result};
use http::header::LOCATION;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::caller::Caller;
use crate::http::api::events::streamed_job;
use crate::http::api::problem::Answer;
use crate::http::api::repeated::Repeated;

/// The id of a job that was asked for, beside `Location`.
const JOB_ID: HeaderName = HeaderName::from_static("x-job-id");

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(scan)).routes(routes!(transfer))
}

/// A job that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewJob {
    /// A UUID, version 7, made by the client: asking again changes nothing. Without it the server makes one.
    id: Option<JobId>,
    /// The session it belongs to; without it the active one.
    session: Option<SessionId>,
    /// What is to be done.
    job: JobParams,
}

/// A scan that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewScan {
    /// As of any job.
    id: Option<JobId>,
    /// The session it belongs to; without it the active one.
    session: Option<SessionId>,
    /// The location's name.
    location: String,
    /// A folder in it; empty: all of it.
    #[serde(default)]
    path: String,
    /// Whether contents are read, to find those that are there more than once.
    #[serde(default)]
    duplicates: bool,
}

/// A transfer that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTransfer {
    /// As of any job.
    id: Option<JobId>,
    /// The session it belongs to; without it the active one.
    session: Option<SessionId>,
    /// From here.
    from: Place,
    /// To there.
    to: Place,
    /// What becomes of a file that is there already.
    #[serde(default)]
    conflict: ConflictPolicy,
    /// Only says what would be done.
    #[serde(default)]
    dry_run: bool,
}

async fn begin(caller: &Caller, new: NewJob) -> Result<JobSummary> {
    let (backend, visitor) = (&caller.backend, &caller.visitor);
    let session = match new.session {
        Some(session) => session,
        None => backend.active_session(visitor).await?,
    };
    let id = new.id.unwrap_or_else(|| backend.new_job_id());
    backend.start_job(visitor, session, id, new.job).await
}

/// Says where the job is.
fn located(job: JobId, mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [(LOCATION, format!("/api/jobs/{job}")), (JOB_ID, job.to_string())] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// Ask for a job. It begins when its turn comes.
#[utoipa::path(
    post, path = "/api/jobs", tag = "jobs", params(Repeated), request_body = NewJob,
    responses((status = CREATED, body = JobSummary, headers(("Location" = String), ("X-Job-Id" = String))))
)]
pub(super) async fn start(caller: Caller, Body(new): Body<NewJob>) -> Answer<Response> {
    let job = begin(&caller, new).await?;
    Ok(located(job.id, (StatusCode::CREATED, Json(job)).into_response()))
}

/// Ask for a scan, and follow it: the answer is its stream of events, as `/api/jobs/{id}/events` gives it. The job goes on
/// when the client is gone.
#[utoipa::path(
    post, path = "/api/scan/stream", tag = "jobs", request_body = NewScan,
    responses((
        status = OK, body = SessionEvent, content_type = "text/event-stream",
        headers(("Location" = String), ("X-Job-Id" = String))
    ))
)]
async fn scan(caller: Caller, Body(new): Body<NewScan>) -> Answer<Response> {
    let NewScan { id, session, location, path, duplicates } = new;
    let job = JobParams::Scan(ScanParams { location, path, duplicates });
    follow(&caller, NewJob { id, session, job }).await
}

/// Ask for a transfer, and follow it, as `/api/scan/stream` does.
#[utoipa::path(
    post, path = "/api/transfer/stream", tag = "jobs", request_body = NewTransfer,
    responses((
        status = OK, body = SessionEvent, content_type = "text/event-stream",
        headers(("Location" = String), ("X-Job-Id" = String))
    ))
)]
async fn transfer(caller: Caller, Body(new): Body<NewTransfer>) -> Answer<Response> {
    let NewTransfer { id, session, from, to, conflict, dry_run } = new;
    let job = JobParams::Transfer(TransferParams { from, to, conflict, dry_run });
    follow(&caller, NewJob { id, session, job }).await
}

/// Begins a job, and answers its stream.
async fn follow(caller: &Caller, new: NewJob) -> Answer<Response> {
    let job = begin(caller, new).await?;
    let watch = caller.backend.watch_job(&caller.visitor, job.id, None).await?;
    Ok(located(job.id, streamed_job(watch.ok_or(Error::Internal)?)))
}
