//! Snapshots: listing, taking, keeping, comparing and restoring them (SNAP-1 to SNAP-3).

mod restores;
mod short;

use axum::Json;
use axum::response::{IntoResponse, Response};
use holdfast_domain::id::{SessionId, SnapshotId};
use holdfast_domain::snapshot::{Preview, SnapshotKind, SnapshotRequest, SnapshotSummary};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Body;
use super::caller::Caller;
use super::named::{IdName, Named, SessionName, Sub};
use super::problem::Answer;
use super::repeated::Repeated;
use crate::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change, delete))
        .routes(routes!(preview))
        .merge(restores::routes())
        .merge(short::routes())
}

/// A snapshot that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSnapshot {
    /// A UUID, version 7, made by the client: taking it again changes nothing. Without it the server makes one.
    id: Option<SnapshotId>,
    /// 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
}

/// What is to change; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SnapshotChanges {
    /// Keep it until it is unpinned.
    pinned: Option<bool>,
}

/// The session's snapshots, newest first.
#[utoipa::path(
    get, path = "/api/sessions/{id}/snapshots", tag = "snapshots",
    params(("id" = SessionName, Path)), responses((status = OK, body = Vec<SnapshotSummary>))
)]
async fn list(caller: Caller, session: Named) -> Answer<Json<Vec<SnapshotSummary>>> {
    Ok(Json(caller.backend.list_snapshots(&caller.visitor, session.id).await?))
}

/// Take a snapshot of what the server has now.
#[utoipa::path(
    post, path = "/api/sessions/{id}/snapshots", tag = "snapshots",
    params(("id" = SessionName, Path), Repeated), request_body = NewSnapshot,
    responses((status = CREATED, body = SnapshotSummary, headers(("Location" = String))))
)]
async fn create(caller: Caller, session: Named, Body(new): Body<NewSnapshot>) -> Answer<Response> {
    let backend = &caller.backend;
    let request = SnapshotRequest {
        id: new.id.unwrap_or_else(|| backend.new_snapshot_id()),
        name: new.name,
        kind: SnapshotKind::Manual,
        at_ms: backend.now_ms(),
    };
    let taken = backend.create_snapshot(&caller.visitor, session.id, request).await?;
    let location = HeaderValue::try_from(place(session.id, taken.id));
    let mut response = (StatusCode::CREATED, Json(taken)).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

fn place(session: SessionId, snapshot: SnapshotId) -> String {
    format!("/api/sessions/{session}/snapshots/{snapshot}")
}

/// Keep a snapshot until it is unpinned, or no longer.
#[utoipa::path(
    put, path = "/api/sessions/{id}/snapshots/{sid}", tag = "snapshots", request_body = SnapshotChanges,
    params(("id" = SessionName, Path), ("sid" = IdName, Path)),
    responses((status = OK, body = SnapshotSummary))
)]
async fn change(
    caller: Caller,
    session: Named,
    Sub(snapshot): Sub<SnapshotId>,
    Body(changes): Body<SnapshotChanges>,
) -> Answer<Json<SnapshotSummary>> {
    let (backend, visitor) = (&caller.backend, &caller.visitor);
    let Some(pinned) = changes.pinned else {
        return Ok(Json(backend.snapshot(visitor, session.id, snapshot).await?));
    };
    Ok(Json(backend.pin_snapshot(visitor, session.id, snapshot, pinned).await?))
}

/// Delete a snapshot.
#[utoipa::path(
    delete, path = "/api/sessions/{id}/snapshots/{sid}", tag = "snapshots",
    params(("id" = SessionName, Path), ("sid" = IdName, Path)), responses((status = NO_CONTENT))
)]
async fn delete(
    caller: Caller,
    session: Named,
    Sub(snapshot): Sub<SnapshotId>,
) -> Answer<StatusCode> {
    caller.backend.delete_snapshot(&caller.visitor, session.id, snapshot).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What restoring a snapshot would change.
#[utoipa::path(
    get, path = "/api/sessions/{id}/snapshots/{sid}/preview", tag = "snapshots",
    params(("id" = SessionName, Path), ("sid" = IdName, Path)),
    responses((status = OK, body = Preview))
)]
async fn preview(
    caller: Caller,
    session: Named,
    Sub(snapshot): Sub<SnapshotId>,
) -> Answer<Json<Preview>> {
    Ok(Json(caller.backend.preview_snapshot(&caller.visitor, session.id, snapshot).await?))
}
