//! Sessions as files, and copies of them (SESS-3). The file is described in docs/EXPORT.md.

use std::fs::File;
use std::io::{Seek, Write};
use std::time::Duration;

use axum::Json;
use axum::body::Body as Stream;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use holdfast_domain::Error;
use holdfast_domain::bundle::FILE_BYTES;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionSummary;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::caller::Caller;
use crate::http::api::named::{Named, SessionName};
use crate::http::api::problem::Answer;
use crate::http::api::query::Query;
use crate::http::api::repeated::Repeated;

/// The media type of an exported session.
const ZIP: &str = "application/zip";
/// An upload that brings nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(20);

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(duplicate)).routes(routes!(export)).routes(routes!(import))
}

/// A copy that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCopy {
    /// A UUID, version 7, made by the client: copying again changes nothing. Without it the server makes one.
    id: Option<SessionId>,
    /// 1 to 255 characters; without it `Copy of` and the name of the first.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
}

/// The bytes of an exported session.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code)] // For the document.
struct ExportedSession(Vec<u8>);

/// Which id the session from a file gets.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Under {
    /// A UUID, version 7, made by the client: importing again changes nothing. Without it the server makes one.
    id: Option<SessionId>,
}

/// Make a copy of the session: its context as it is, without its history and its snapshots.
#[utoipa::path(
    post, path = "/api/sessions/{id}/duplicate", tag = "sessions", request_body = NewCopy,
    params(("id" = SessionName, Path), Repeated),
    responses((status = CREATED, body = SessionSummary, headers(("Location" = String))))
)]
async fn duplicate(caller: Caller, session: Named, Body(new): Body<NewCopy>) -> Answer<Response> {
    let (backend, visitor) = (&caller.backend, &caller.visitor);
    let id = new.id.unwrap_or_else(|| backend.new_session_id());
    Ok(created(backend.duplicate(visitor, session.id, id, new.name).await?))
}

/// All of the session as one file: its context, its history and its snapshots.
#[utoipa::path(
    get, path = "/api/sessions/{id}/export", tag = "sessions", params(("id" = SessionName, Path)),
    responses((
        status = OK, content_type = "application/zip", body = ExportedSession,
        headers(("Content-Disposition" = String))
    ))
)]
async fn export(caller: Caller, session: Named) -> Answer<Response> {
    let file = tempfile::tempfile().map_err(|cause| unwritten(&cause))?;
    let export = caller.backend.export(&caller.visitor, session.id, file).await?;
    let mut file = export.writer;
    file.rewind().map_err(|cause| unwritten(&cause))?;
    let stream = ReaderStream::new(tokio::fs::File::from_std(file));
    let mut response = Stream::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(ZIP));
    // The name is in the file, and a name of a file is no place for it.
    let name = format!("attachment; filename=\"holdfast-{}.zip\"", session.id);
    headers.insert(CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(|_| Error::Internal)?);
    Ok(response)
}

/// Make a session from such a file, with the same context, history and snapshots.
#[utoipa::path(
    post, path = "/api/sessions/import", tag = "sessions", params(Under),
    request_body(content = ExportedSession, content_type = "application/zip"),
    responses((status = CREATED, body = SessionSummary, headers(("Location" = String))))
)]
async fn import(
    caller: Caller,
    Query(Under { id }): Query<Under>,
    request: Request,
) -> Answer<Response> {
    let given = request.headers().get(CONTENT_TYPE).and_then(|given| given.to_str().ok());
    if !given.is_some_and(|given| given.eq_ignore_ascii_case(ZIP)) {
        return Err(Error::UnsupportedMediaType.into());
    }
    let file = received(request.into_body()).await?;
    let id = id.unwrap_or_else(|| caller.backend.new_session_id());
    Ok(created(caller.backend.import(&caller.visitor, file, id).await?))
}

/// The body in a file of its own, which goes when it is closed.
async fn received(body: Stream) -> Result<File, Error> {
    let mut file = tempfile::tempfile().map_err(|cause| unwritten(&cause))?;
    let (mut chunks, mut bytes) = (body.into_data_stream(), 0_usize);
    let most = usize::try_from(FILE_BYTES).unwrap_or(usize::MAX);
    loop {
        let next = tokio::time::timeout(SILENCE, chunks.next()).await;
        let Some(chunk) = next.map_err(|_| Error::malformed("the request did not arrive"))? else {
            break;
        };
        let chunk = chunk.map_err(|_| Error::malformed("the request did not arrive whole"))?;
        bytes += chunk.len();
        if bytes > most {
            return Err(Error::limit("bytes of the file", most, bytes));
        }
        // Small, and into the system's memory.
        file.write_all(&chunk).map_err(|cause| unwritten(&cause))?;
    }
    file.rewind().map_err(|cause| unwritten(&cause))?;
    Ok(file)
}

fn created(summary: SessionSummary) -> Response {
    let location = HeaderValue::try_from(format!("/api/sessions/{}", summary.id));
    let mut response = (StatusCode::CREATED, Json(summary)).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// The system's folder for temporary files is full, or not ours.
fn unwritten(cause: &std::io::Error) -> Error {
    tracing::error!(%cause, "a temporary file cannot be written");
    match cause.kind() {
        std::io::ErrorKind::StorageFull => Error::StorageFull,
        _ => Error::Unavailable,
    }
}
