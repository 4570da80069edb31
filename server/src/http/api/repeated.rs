//! `Idempotency-Key`: a request that comes again with its key gets the answer it got, and nothing is done twice.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use holdfast_backend::{Replied, Reply};
use holdfast_domain::Error;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::body::LARGEST;
use super::caller::Caller;
use super::problem::Problem;
use crate::AppState;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says of an answer that it was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest key.
const KEY_BYTES: usize = 255;

/// What every `POST` understands.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)] // For the document.
pub(super) struct Repeated {
    /// Names this request, 1 to 255 characters, for a day: sent again with the same name, it is answered as it was.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    key: Option<String>,
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

/// Answers a request that was answered before, and keeps what is answered to one that says its name.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // A file is no small thing to remember.
    let is_file = request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/zip");
    if *request.method() != Method::POST || !request.headers().contains_key(KEY) || is_file {
        return next.run(request).await;
    }
    answer(&state, request, next).await.unwrap_or_else(|error| Problem(error).into_response())
}

async fn answer(state: &AppState, request: Request, next: Next) -> Result<Response, Error> {
    let key = key(request.headers())?;
    let Ok(caller) = Caller::of(state, request.method(), request.headers()) else {
        // Who is not signed in has no answers of their own; the route says so, or needs nobody.
        return Ok(next.run(request).await);
    };
    let (request, _share) = state.bodies.read(LARGEST, request).await?;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST.bytes).await;
    let body = body.map_err(|_| Error::malformed("the request did not arrive whole"))?;
    let address = parts.uri.to_string();
    let named = [address.as_bytes(), body.as_ref()];
    let reply = match caller.backend.begin_reply(&caller.visitor, &key, &named).await? {
        Replied::Before(kept) => return replay(&kept),
        Replied::New(reply) => reply,
    };
    let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(&caller, &reply, answer).await
}

fn key(headers: &HeaderMap) -> Result<String, Error> {
    let key = headers.get(KEY).and_then(|key| key.to_str().ok()).unwrap_or_default();
    let fits =
        (1..=KEY_BYTES).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| key.to_owned()).ok_or_else(|| Error::malformed("Idempotency-Key"))
}

/// What may go better next time is not kept: the same request is then done.
fn is_final(status: StatusCode) -> bool {
    !(status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::UNAUTHORIZED | StatusCode::REQUEST_TIMEOUT
        ))
}

async fn keep(caller: &Caller, reply: &Reply, answer: Response) -> Result<Response, Error> {
    let (parts, body) = answer.into_parts();
    // Our own answer, and not larger than a context.
    let body = to_bytes(body, usize::MAX).await.map_err(|_| Error::Internal)?;
    if is_final(parts.status) {
        let headers = parts.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
        let kept =
            Kept { status: parts.status.as_u16(), headers: headers.collect(), body: body.to_vec() };
        let kept = serde_json::to_vec(&kept).map_err(|_| Error::Internal)?;
        caller.backend.keep_reply(reply, &kept).await?;
    } else {
        caller.backend.drop_reply(reply).await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(kept: &[u8]) -> Result<Response, Error> {
    let kept: Kept = serde_json::from_slice(kept).map_err(|_| Error::Internal)?;
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() = StatusCode::from_u16(kept.status).map_err(|_| Error::Internal)?;
    for (name, value) in kept.headers {
        let name = HeaderName::try_from(name).map_err(|_| Error::Internal)?;
        let value = HeaderValue::try_from(value).map_err(|_| Error::Internal)?;
        response.headers_mut().append(name, value);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
