//! The short forms: of the active session, or of the one that `?session=` names (API-2).

use axum::Json;
use axum::response::Response;
use holdfast_domain::id::SnapshotId;
use holdfast_domain::snapshot::{Restored, SnapshotSummary};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{NewSnapshot, restores};
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::caller::Caller;
use crate::http::api::named::{IdName, Named, Sub, Which};
use crate::http::api::problem::Answer;
use crate::http::api::repeated::Repeated;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(restore))
}

/// The snapshots of the active session, or of the one that is named.
#[utoipa::path(
    get, path = "/api/sessions/snapshots", tag = "snapshots", params(Which),
    responses((status = OK, body = Vec<SnapshotSummary>))
)]
async fn list(caller: Caller, session: Named) -> Answer<Json<Vec<SnapshotSummary>>> {
    super::list(caller, session).await
}

/// Take a snapshot of the active session, or of the one that is named.
#[utoipa::path(
    post, path = "/api/sessions/snapshots", tag = "snapshots", params(Which, Repeated),
    request_body = NewSnapshot,
    responses((status = CREATED, body = SnapshotSummary, headers(("Location" = String))))
)]
async fn create(caller: Caller, session: Named, body: Body<NewSnapshot>) -> Answer<Response> {
    super::create(caller, session, body).await
}

/// Restore a snapshot of the active session, or of the one that is named.
#[utoipa::path(
    post, path = "/api/sessions/snapshots/{sid}/restore", tag = "snapshots",
    params(Which, ("sid" = IdName, Path), Repeated), responses((status = OK, body = Restored))
)]
async fn restore(
    caller: Caller,
    session: Named,
    snapshot: Sub<SnapshotId>,
) -> Answer<Json<Restored>> {
    restores::restore(caller, session, snapshot).await
}
