//! What came of a job, as files.

use std::io;

use axum::body::Body;
use axum::response::Response;
use futures::{StreamExt, TryStreamExt, stream};
use holdfast_domain::Error;
use holdfast_domain::job::{FileEntry, JobSummary};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::NamedJob;
use crate::AppState;
use crate::http::api::caller::Caller;
use crate::http::api::named::IdName;
use crate::http::api::problem::Answer;
use crate::http::api::table::{self, harmless};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(report)).routes(routes!(files))
}

/// Lines of text.
#[derive(ToSchema)]
#[schema(value_type = String)]
#[allow(dead_code)] // For the document.
struct Lines(String);

/// A job with all that came of it, as a file.
#[utoipa::path(
    get, path = "/api/jobs/{id}/report", tag = "jobs", params(("id" = IdName, Path)),
    responses((status = OK, body = JobSummary, headers(("Content-Disposition" = String))))
)]
async fn report(caller: Caller, NamedJob(job): NamedJob) -> Answer<Response> {
    let summary = caller.backend.job(&caller.visitor, job).await?;
    let body = serde_json::to_vec_pretty(&summary).map_err(|_| Error::Internal)?;
    Ok(table::file(body, "application/json", &format!("holdfast-job-{job}.json")))
}

/// Every file that a scan found, as a table.
///
/// The first line names the columns: `path`, `bytes`, `modified_at_ms`, `blake3` (empty where the content was not read). A
/// path that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(
    get, path = "/api/jobs/{id}/report.csv", tag = "jobs", params(("id" = IdName, Path)),
    responses((
        status = OK, content_type = "text/csv", body = Lines, headers(("Content-Disposition" = String))
    ))
)]
async fn files(caller: Caller, NamedJob(job): NamedJob) -> Answer<Response> {
    // Refused at once, rather than in the middle of a file.
    caller.backend.job(&caller.visitor, job).await?;
    let head = table::lines([["path", "bytes", "modified_at_ms", "blake3"]])?;
    let portions = stream::try_unfold((caller, 0), move |(caller, part)| async move {
        let portion = caller.backend.job_files(&caller.visitor, job, part).await?;
        let Some(portion) = portion else { return Ok(None) };
        Ok::<_, Error>(Some((rows(&portion)?, (caller, part + 1))))
    });
    let body = stream::iter([Ok(head)]).chain(portions).map_err(io::Error::other);
    Ok(table::file(Body::from_stream(body), table::CSV, &format!("holdfast-job-{job}.csv")))
}

fn rows(portion: &[FileEntry]) -> Result<Vec<u8>, Error> {
    let rows: Vec<[String; 4]> = portion
        .iter()
        .map(|file| {
            let hash = file.hash.clone().unwrap_or_default();
            let (bytes, modified) = (file.bytes.to_string(), file.modified_at_ms.to_string());
            [harmless(&file.path), bytes, modified, hash]
        })
        .collect();
    table::lines(rows.iter().map(|row| row.each_ref().map(String::as_str)))
}
