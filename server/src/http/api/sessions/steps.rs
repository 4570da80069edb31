//! Steps in the life of a session (SESS-1), and that it is used.

use axum::Json;
use holdfast_domain::session::{SessionState, Step};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::AppState;
use crate::http::api::caller::Caller;
use crate::http::api::named::{IdName, Named, SessionName, Sub};
use crate::http::api::problem::Answer;
use crate::http::api::repeated::Repeated;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(touch))
        .routes(routes!(complete))
        .routes(routes!(reopen))
        .routes(routes!(archive))
        .routes(routes!(unarchive))
        .routes(routes!(undelete))
        .routes(routes!(link_mission))
}

/// Where the session is in its life.
#[derive(Serialize, ToSchema)]
struct Stepped {
    /// Its state now.
    state: SessionState,
}

async fn step(caller: Caller, session: Named, step: Step) -> Answer<Json<Stepped>> {
    let state = caller.backend.step_session(&caller.visitor, session.id, step).await?;
    Ok(Json(Stepped { state }))
}

/// Say that somebody uses the session. An abandoned one is active again.
#[utoipa::path(
    post, path = "/api/sessions/{id}/activity", tag = "sessions",
    params(("id" = SessionName, Path), Repeated), responses((status = NO_CONTENT))
)]
async fn touch(caller: Caller, session: Named) -> Answer<StatusCode> {
    caller.backend.touch_session(&caller.visitor, session.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Complete the session.
#[utoipa::path(
    post, path = "/api/sessions/{id}/complete", tag = "sessions",
    params(("id" = SessionName, Path), Repeated), responses((status = OK, body = Stepped))
)]
async fn complete(caller: Caller, session: Named) -> Answer<Json<Stepped>> {
    step(caller, session, Step::Complete).await
}

/// Go on with a completed or abandoned session.
#[utoipa::path(
    post, path = "/api/sessions/{id}/reopen", tag = "sessions",
    params(("id" = SessionName, Path), Repeated), responses((status = OK, body = Stepped))
)]
async fn reopen(caller: Caller, session: Named) -> Answer<Json<Stepped>> {
    step(caller, session, Step::Reopen).await
}

/// Put the session away, to be read only.
#[utoipa::path(
    post, path = "/api/sessions/{id}/archive", tag = "sessions",
    params(("id" = SessionName, Path), Repeated), responses((status = OK, body = Stepped))
)]
async fn archive(caller: Caller, session: Named) -> Answer<Json<Stepped>> {
    step(caller, session, Step::Archive).await
}

/// Take the session out of the archive.
#[utoipa::path(
    post, path = "/api/sessions/{id}/unarchive", tag = "sessions",
    params(("id" = SessionName, Path), Repeated), responses((status = OK, body = Stepped))
)]
async fn unarchive(caller: Caller, session: Named) -> Answer<Json<Stepped>> {
    step(caller, session, Step::Unarchive).await
}

/// Bring a deleted session back.
#[utoipa::path(
    post, path = "/api/sessions/{id}/undelete", tag = "sessions",
    params(("id" = SessionName, Path), Repeated), responses((status = OK, body = Stepped))
)]
async fn undelete(caller: Caller, session: Named) -> Answer<Json<Stepped>> {
    step(caller, session, Step::Undelete).await
}

/// Link the session to a mission, in place of one that it was linked to before.
#[utoipa::path(
    post, path = "/api/sessions/{id}/link-mission/{sid}", tag = "sessions",
    params(("id" = SessionName, Path), ("sid" = IdName, Path), Repeated),
    responses((status = NO_CONTENT))
)]
async fn link_mission(
    caller: Caller,
    session: Named,
    Sub(mission): Sub<Uuid>,
) -> Answer<StatusCode> {
    caller.backend.link_mission(&caller.visitor, session.id, mission).await?;
    Ok(StatusCode::NO_CONTENT)
}
