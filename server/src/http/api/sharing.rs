//! Values in all of the account's sessions (SYNC-4).

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Body;
use super::caller::Caller;
use super::problem::Answer;
use super::repeated::Repeated;
use crate::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(share))
}

/// A value of the context's root object.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Shared {
    /// Its key, 1 to 256 bytes.
    #[schema(min_length = 1)]
    key: String,
    /// The value; `null` removes it everywhere.
    value: Value,
}

/// Where it came.
#[derive(Serialize, ToSchema)]
struct Written {
    /// Sessions that have it now; the others get it when they are next used.
    sessions: u32,
}

/// Write a value into all of the account's own active sessions, also those that are made later.
#[utoipa::path(
    post, path = "/api/sessions/share", tag = "context", params(Repeated), request_body = Shared,
    responses((status = OK, body = Written))
)]
async fn share(caller: Caller, Body(shared): Body<Shared>) -> Answer<Json<Written>> {
    let sessions = caller.backend.share(&caller.visitor, &shared.key, shared.value).await?;
    Ok(Json(Written { sessions }))
}
