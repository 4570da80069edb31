//! Taking a job a step on.

use axum::Json;
use holdfast_domain::job::{JobStep, JobSummary};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::NamedJob;
use crate::AppState;
use crate::http::api::caller::Caller;
use crate::http::api::named::IdName;
use crate::http::api::problem::Answer;
use crate::http::api::repeated::Repeated;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(pause)).routes(routes!(resume)).routes(routes!(retry))
}

async fn step(caller: Caller, job: NamedJob, step: JobStep) -> Answer<Json<JobSummary>> {
    Ok(Json(caller.backend.step_job(&caller.visitor, job.0, step).await?))
}

/// Pause the job. A running one is paused when its server has stopped: `wanted` says so until then.
#[utoipa::path(
    post, path = "/api/jobs/{id}/pause", tag = "jobs", params(("id" = IdName, Path), Repeated),
    responses((status = OK, body = JobSummary))
)]
async fn pause(caller: Caller, job: NamedJob) -> Answer<Json<JobSummary>> {
    step(caller, job, JobStep::Pause).await
}

/// Have a paused job go on from where it was.
#[utoipa::path(
    post, path = "/api/jobs/{id}/resume", tag = "jobs", params(("id" = IdName, Path), Repeated),
    responses((status = OK, body = JobSummary))
)]
async fn resume(caller: Caller, job: NamedJob) -> Answer<Json<JobSummary>> {
    step(caller, job, JobStep::Resume).await
}

/// Try a job again that failed or was cancelled, from where it came to.
#[utoipa::path(
    post, path = "/api/jobs/{id}/retry", tag = "jobs", params(("id" = IdName, Path), Repeated),
    responses((status = OK, body = JobSummary))
)]
async fn retry(caller: Caller, job: NamedJob) -> Answer<Json<JobSummary>> {
    step(caller, job, JobStep::Retry).await
}
