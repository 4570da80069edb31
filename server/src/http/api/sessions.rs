//! Sessions: listing, finding, creating, renaming and deleting them, and what one is.

mod bundles;
mod steps;

use axum::Json;
use axum::response::{IntoResponse, Response};
use holdfast_backend::{AuditFilter, SessionQuery};
use holdfast_domain::Error;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::{GoneSession, SessionState, SessionSummary, Step, check_name};
use http::header::{ALLOW, ETAG, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::account::{Entries, entries};
use super::body::Body;
use super::caller::Caller;
use super::context::version;
use super::named::{IdName, Named, SessionName};
use super::problem::Answer;
use super::query::Query;
use super::repeated::Repeated;
use crate::AppState;

/// The name of a session that is created without one.
const UNNAMED: &str = "New session";
/// Sessions in a page, where nobody says how many.
const PAGE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(gone))
        .routes(routes!(read, change, delete))
        .routes(routes!(audit))
        .merge(steps::routes())
        .merge(bundles::routes())
}

/// Which sessions are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Their names have this in them, whatever the case.
    search: Option<String>,
    /// They are in this state; `deleted` finds none, see `/api/sessions/deleted`.
    state: Option<SessionState>,
    /// At most so many.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// The next page: `next` of the one before.
    #[param(pattern = "^[0-9]{1,15}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    cursor: Option<String>,
}

/// Some sessions, most recently used first.
#[derive(Serialize, ToSchema)]
struct Sessions {
    /// The sessions.
    sessions: Vec<SessionSummary>,
    /// For the next page; `null`: there is none.
    next: Option<String>,
}

/// A session that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSession {
    /// A UUID, version 7, made by the client: creating it again changes nothing. Without it the server makes one.
    id: Option<SessionId>,
    /// 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
}

/// What is to change; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SessionChanges {
    /// 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
}

/// A session with what it has in it, but the context.
#[derive(Serialize, ToSchema)]
struct SessionDetail {
    #[serde(flatten)]
    summary: SessionSummary,
    /// The version of its context: that one's `ETag`.
    context_version: i64,
    /// The mission it is linked to.
    mission: Option<Uuid>,
}

/// The sessions that are not deleted, most recently used first.
#[utoipa::path(
    get, path = "/api/sessions", tag = "sessions", params(Wanted),
    responses((status = OK, body = Sessions))
)]
async fn list(caller: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<Sessions>> {
    let limit = wanted.limit.unwrap_or(PAGE);
    if !(1..=200).contains(&limit) {
        let reason = "1 to 200 sessions".into();
        return Err(Error::InvalidValue { field: "limit".into(), reason }.into());
    }
    let query = SessionQuery {
        search: wanted.search.unwrap_or_default(),
        state: wanted.state,
        limit,
        after: wanted.cursor,
    };
    let page = caller.backend.find_sessions(&caller.visitor, &query).await?;
    Ok(Json(Sessions { sessions: page.sessions, next: page.next }))
}

/// Create a session. With an id that is the caller's already, it is that one.
#[utoipa::path(
    post, path = "/api/sessions", tag = "sessions", params(Repeated), request_body = NewSession,
    responses((status = CREATED, body = SessionDetail, headers(("Location" = String))))
)]
async fn create(caller: Caller, Body(new): Body<NewSession>) -> Answer<Response> {
    let id = new.id.unwrap_or_else(|| caller.backend.new_session_id());
    let name = new.name.as_deref().unwrap_or(UNNAMED);
    caller.backend.create_session(&caller.visitor, id, name).await?;
    let mut response = (StatusCode::CREATED, detail(&caller, id).await?).into_response();
    if let Ok(location) = HeaderValue::try_from(format!("/api/sessions/{id}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// The sessions that were deleted and can still be brought back, last deleted first.
#[utoipa::path(
    get, path = "/api/sessions/deleted", tag = "sessions",
    responses((status = OK, body = Vec<GoneSession>))
)]
async fn gone(caller: Caller) -> Answer<Json<Vec<GoneSession>>> {
    Ok(Json(caller.backend.gone_sessions(&caller.visitor).await?))
}

/// One session.
#[utoipa::path(
    get, path = "/api/sessions/{id}", tag = "sessions", params(("id" = SessionName, Path)),
    responses((status = OK, body = SessionDetail, headers(("ETag" = String))))
)]
async fn read(caller: Caller, session: Named) -> Answer<Response> {
    detail(&caller, session.id).await
}

/// Change a session.
///
/// With `If-Match` only if it is still what was read.
#[utoipa::path(
    put, path = "/api/sessions/{id}", tag = "sessions", request_body = SessionChanges,
    params(("id" = SessionName, Path), ("If-Match" = Option<String>, Header)),
    responses((status = OK, body = SessionDetail, headers(("ETag" = String))))
)]
async fn change(
    caller: Caller,
    session: Named,
    headers: HeaderMap,
    Body(changes): Body<SessionChanges>,
) -> Answer<Response> {
    let (backend, visitor) = (&caller.backend, &caller.visitor);
    // What can never be right is said before what is not right now.
    changes.name.as_deref().map(check_name).transpose()?;
    let read = version(&headers)?;
    match changes.name {
        Some(name) => {
            backend.rename_session_as_read(visitor, session.id, &name, read).await?;
        }
        None => {
            let now = backend.session(visitor, session.id).await?.updated_at_ms;
            if read.is_some_and(|read| read != now) {
                return Err(Error::Changed.into());
            }
        }
    }
    detail(&caller, session.id).await
}

/// Delete a session. It can be brought back for some days, which the operator sets; then everything of it is destroyed.
#[utoipa::path(
    delete, path = "/api/sessions/{id}", tag = "sessions", params(("id" = IdName, Path)),
    responses((status = NO_CONTENT))
)]
async fn delete(caller: Caller, session: Named) -> Answer<Response> {
    if !session.by_id {
        // What that is may be another one a moment later.
        let refused = super::problem::Problem(Error::MethodNotAllowed);
        return Ok(([(ALLOW, "GET, PUT")], refused).into_response());
    }
    caller.backend.step_session(&caller.visitor, session.id, Step::Delete).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What happened to the session, newest first, a hundred entries at a time.
#[utoipa::path(
    get, path = "/api/sessions/{id}/audit", tag = "sessions",
    params(("id" = SessionName, Path), Cursor), responses((status = OK, body = Entries))
)]
async fn audit(
    caller: Caller,
    session: Named,
    Query(Cursor { cursor }): Query<Cursor>,
) -> Answer<Json<Entries>> {
    // Another's is not found, rather than empty.
    caller.backend.session(&caller.visitor, session.id).await?;
    let filter =
        AuditFilter { session: Some(session.id), before: cursor, ..AuditFilter::default() };
    entries(&caller, &filter).await
}

/// Where the next page begins.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// `next` of the page before.
    cursor: Option<i64>,
}

async fn detail(caller: &Caller, session: SessionId) -> Answer<Response> {
    let found = caller.backend.session_detail(&caller.visitor, session).await?;
    let tag = HeaderValue::try_from(format!("\"{}\"", found.summary.updated_at_ms));
    let body = SessionDetail {
        summary: found.summary,
        context_version: found.context_version,
        mission: found.mission,
    };
    let mut response = Json(body).into_response();
    if let Ok(tag) = tag {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}
