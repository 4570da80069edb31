//! What came of a job, as files.

use std::io;

use axum::body::Body;
use axum::response::Response;
use futures::{StreamExt, TryStreamExt, stream};
use holdfast_backend::JobFiles;
use holdfast_domain::Error;
use holdfast_domain::job::{CopyEntry, FileEntry, JobParams, JobSummary};
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

/// Every file of a job, as a table: what a scan found, a transfer copied, its rollback took back.
///
/// The first line names the columns. Of a scan: `path`, `bytes`, `modified_at_ms`, `blake3` (empty where the content was
/// not read). Of the others: `path`, `target` (where the copy is), `bytes`, `modified_at_ms`, `blake3`, `outcome`, `code`
/// (why it failed). A path that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(
    get, path = "/api/jobs/{id}/report.csv", tag = "jobs", params(("id" = IdName, Path)),
    responses((
        status = OK, content_type = "text/csv", body = Lines, headers(("Content-Disposition" = String))
    ))
)]
async fn files(caller: Caller, NamedJob(job): NamedJob) -> Answer<Response> {
    // Refused at once, rather than in the middle of a file.
    let summary = caller.backend.job(&caller.visitor, job).await?;
    if summary.files_until_ms.is_some_and(|until_ms| until_ms < caller.backend.now_ms()) {
        let reason = "The files of this job are not kept any more.".into();
        return Err(Error::Conflict { reason }.into());
    }
    let head = match summary.params {
        JobParams::Scan(_) => table::lines([FOUND])?,
        JobParams::Transfer(_) | JobParams::Rollback(_) => table::lines([COPIES])?,
    };
    let portions = stream::try_unfold((caller, 0), move |(caller, part)| async move {
        let portion = caller.backend.job_files(&caller.visitor, job, part).await?;
        let Some(portion) = portion else { return Ok(None) };
        Ok::<_, Error>(Some((rows(&portion)?, (caller, part + 1))))
    });
    let body = stream::iter([Ok(head)]).chain(portions).map_err(io::Error::other);
    Ok(table::file(Body::from_stream(body), table::CSV, &format!("holdfast-job-{job}.csv")))
}

/// Columns of files that were found.
const FOUND: [&str; 4] = ["path", "bytes", "modified_at_ms", "blake3"];

/// Columns of files that were copied.
const COPIES: [&str; 7] =
    ["path", "target", "bytes", "modified_at_ms", "blake3", "outcome", "code"];

fn rows(portion: &JobFiles) -> Result<Vec<u8>, Error> {
    match portion {
        JobFiles::Found(files) => lines(files.iter().map(found)),
        JobFiles::Copies(files) => lines(files.iter().map(copied)),
    }
}

fn lines<const N: usize>(rows: impl Iterator<Item = [String; N]>) -> Result<Vec<u8>, Error> {
    let rows: Vec<[String; N]> = rows.collect();
    table::lines(rows.iter().map(|row| row.each_ref().map(String::as_str)))
}

fn found(file: &FileEntry) -> [String; FOUND.len()] {
    let hash = file.hash.clone().unwrap_or_default();
    [harmless(&file.path), file.bytes.to_string(), file.modified_at_ms.to_string(), hash]
}

fn copied(file: &CopyEntry) -> [String; COPIES.len()] {
    [
        harmless(&file.path),
        harmless(file.target()),
        file.bytes.to_string(),
        file.modified_at_ms.to_string(),
        file.hash.clone().unwrap_or_default(),
        file.outcome.word().into(),
        file.code.clone().unwrap_or_default(),
    ]
}
