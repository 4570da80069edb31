//! The server functions of jobs.

use holdfast_domain::id::{JobId, SessionId};
use holdfast_domain::job::{JobParams, JobStep, JobSummary};
use holdfast_domain::location::{FolderListing, LocationSummary};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::Fault;
use crate::on_page::OnPage;

/// The session's jobs, the newest first, at most 200.
///
/// # Errors
/// `NotFound`, `Unavailable`.
#[server(endpoint = "list_jobs", input = Json, output = Json, client = OnPage)]
pub async fn list_jobs(
    /// The session.
    session: SessionId,
) -> Result<Vec<JobSummary>, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    let query = holdfast_backend::JobQuery {
        session: Some(session),
        limit: 200,
        ..holdfast_backend::JobQuery::default()
    };
    Ok(backend.find_jobs(&visitor, &query).await?.jobs)
}

/// One job, with all that came of it.
///
/// # Errors
/// `NotFound`, `Unavailable`.
#[server(endpoint = "find_job", input = Json, output = Json, client = OnPage)]
pub async fn find_job(
    /// The job.
    id: JobId,
) -> Result<JobSummary, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.job(&visitor, id).await?)
}

/// Asks for a job; asking again with its id changes nothing.
///
/// # Errors
/// `InvalidValue`, `NotFound`, `Archived`, `LimitExceeded`, `StorageFull`, `Unavailable`.
#[server(endpoint = "start_job", input = Json, output = Json, client = OnPage)]
pub async fn start_job(
    /// The session it belongs to.
    session: SessionId,
    /// Its id, made by the page.
    id: JobId,
    /// What is to be done.
    params: JobParams,
) -> Result<JobSummary, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.start_job(&visitor, session, id, params).await?)
}

/// Takes a job a step on.
///
/// # Errors
/// `NotFound`, `Conflict`, `StorageFull`, `Unavailable`.
#[server(endpoint = "step_job", input = Json, output = Json, client = OnPage)]
pub async fn step_job(
    /// The job.
    id: JobId,
    /// The step.
    step: JobStep,
) -> Result<JobSummary, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.step_job(&visitor, id, step).await?)
}

/// Removes a job that has come to its end.
///
/// # Errors
/// `NotFound`, `Conflict`, `Unavailable`.
#[server(endpoint = "remove_job", input = Json, output = Json, client = OnPage)]
pub async fn remove_job(
    /// The job.
    id: JobId,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.remove_job(&visitor, id).await?)
}

/// The locations that whoever asks may use.
///
/// # Errors
/// `Unavailable`.
#[server(endpoint = "list_locations", input = Json, output = Json, client = OnPage)]
pub async fn list_locations() -> Result<Vec<LocationSummary>, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.locations(&visitor).await?)
}

/// What is in a folder of a location.
///
/// # Errors
/// `InvalidValue`, `NotFound`, `Unavailable`.
#[server(endpoint = "list_folder", input = Json, output = Json, client = OnPage)]
pub async fn list_folder(
    /// The location's name.
    location: String,
    /// A folder in it; empty: all of it.
    path: String,
) -> Result<FolderListing, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.list_folder(&visitor, &location, &path).await?)
}
