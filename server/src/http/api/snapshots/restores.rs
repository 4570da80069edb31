//! Restoring a snapshot, and undoing that.

use axum::Json;
use holdfast_domain::id::{RestoreId, SnapshotId};
use holdfast_domain::snapshot::{Restored, Undone};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::caller::Caller;
use crate::http::api::named::{IdName, Named, SessionName, Sub};
use crate::http::api::problem::Answer;
use crate::http::api::repeated::Repeated;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(restore)).routes(routes!(undo))
}

/// How sure the caller is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Undoing {
    /// Undo also where some values changed since; those stay as they are.
    confirmed: bool,
}

/// Make the context read as it did, by ordinary edits, after a snapshot of how it is now.
#[utoipa::path(
    post, path = "/api/sessions/{id}/snapshots/{sid}/restore", tag = "snapshots",
    params(("id" = SessionName, Path), ("sid" = IdName, Path), Repeated),
    responses((status = OK, body = Restored))
)]
pub(super) async fn restore(
    caller: Caller,
    session: Named,
    Sub(snapshot): Sub<SnapshotId>,
) -> Answer<Json<Restored>> {
    Ok(Json(caller.backend.restore_snapshot(&caller.visitor, session.id, snapshot).await?))
}

/// Undo a restore. Where values changed since, they are answered and nothing is done until that is confirmed.
#[utoipa::path(
    post, path = "/api/sessions/{id}/restores/{sid}/undo", tag = "snapshots",
    params(("id" = SessionName, Path), ("sid" = IdName, Path), Repeated), request_body = Undoing,
    responses((status = OK, body = Undone))
)]
async fn undo(
    caller: Caller,
    session: Named,
    Sub(restore): Sub<RestoreId>,
    Body(undoing): Body<Undoing>,
) -> Answer<Json<Undone>> {
    let undone =
        caller.backend.undo_restore(&caller.visitor, session.id, restore, undoing.confirmed);
    Ok(Json(undone.await?))
}
