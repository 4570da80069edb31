//! The context: read as JSON, changed by merge patches.

use axum::Json;
use axum::response::{IntoResponse, Response};
use holdfast_backend::ContextAt;
use holdfast_domain::Error;
use holdfast_domain::snapshot::Reset;
use http::header::{ETAG, IF_MATCH};
use http::{HeaderMap, HeaderValue};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Patch;
use super::caller::Caller;
use super::named::{Named, SessionName, Which};
use super::problem::Answer;
use super::repeated::Repeated;
use crate::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(read, patch))
        .routes(routes!(read_short, patch_short))
        .routes(routes!(reset))
}

/// The whole context.
///
/// `ETag` is its version.
#[utoipa::path(
    get, path = "/api/sessions/{id}/context", tag = "context", params(("id" = SessionName, Path)),
    responses((status = OK, body = Value, headers(("ETag" = String))))
)]
async fn read(caller: Caller, session: Named) -> Answer<Response> {
    let context = caller.backend.context(&caller.visitor, session.id).await?;
    Ok(answer(context))
}

/// Merge a patch (RFC 7396) into the context; how it reads then.
///
/// With `If-Match` only if it is still the version that was read.
#[utoipa::path(
    post, path = "/api/sessions/{id}/context", tag = "context",
    params(("id" = SessionName, Path), ("If-Match" = Option<String>, Header), Repeated),
    request_body(content(
        (Object = "application/merge-patch+json"),
        (Object = "application/json"),
    )),
    responses((status = OK, body = Value, headers(("ETag" = String))))
)]
async fn patch(
    caller: Caller,
    session: Named,
    headers: HeaderMap,
    Patch(patch): Patch,
) -> Answer<Response> {
    let version = version(&headers)?;
    let changed = caller.backend.patch_context(&caller.visitor, session.id, patch, version).await?;
    Ok(answer(changed))
}

/// The whole context of the active session, or of the one that is named.
#[utoipa::path(
    get, path = "/api/sessions/context", tag = "context", params(Which),
    responses((status = OK, body = Value, headers(("ETag" = String))))
)]
async fn read_short(caller: Caller, session: Named) -> Answer<Response> {
    read(caller, session).await
}

/// Merge a patch into the context of the active session, or of the one that is named.
#[utoipa::path(
    post, path = "/api/sessions/context", tag = "context",
    params(Which, ("If-Match" = Option<String>, Header), Repeated),
    request_body(content(
        (Object = "application/merge-patch+json"),
        (Object = "application/json"),
    )),
    responses((status = OK, body = Value, headers(("ETag" = String))))
)]
async fn patch_short(
    caller: Caller,
    session: Named,
    headers: HeaderMap,
    body: Patch,
) -> Answer<Response> {
    patch(caller, session, headers, body).await
}

/// Take everything out of the context, after a snapshot that brings it back.
///
/// With `If-Match` only if it is still the version that was read. Where nothing is in it nothing is done.
#[utoipa::path(
    post, path = "/api/sessions/{id}/reset", tag = "context",
    params(("id" = SessionName, Path), ("If-Match" = Option<String>, Header), Repeated),
    responses((status = OK, body = Reset))
)]
async fn reset(caller: Caller, session: Named, headers: HeaderMap) -> Answer<Json<Reset>> {
    let version = version(&headers)?;
    Ok(Json(caller.backend.reset_session(&caller.visitor, session.id, version).await?))
}

fn answer(context: ContextAt) -> Response {
    let mut response = Json(context.json).into_response();
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", context.version)) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// The version that `If-Match` wants; `None`: any.
///
/// # Errors
/// `Changed` for one that no answer of ours had.
pub(super) fn version(headers: &HeaderMap) -> Result<Option<i64>, Error> {
    let Some(wanted) = headers.get(IF_MATCH) else { return Ok(None) };
    let wanted = wanted.to_str().unwrap_or_default().trim();
    if wanted == "*" {
        return Ok(None);
    }
    let version = wanted.strip_prefix('"').and_then(|wanted| wanted.strip_suffix('"'));
    version.and_then(|version| version.parse().ok()).map(Some).ok_or(Error::Changed)
}
