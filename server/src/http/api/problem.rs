//! The project's error as `application/problem+json` (RFC 9457).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use holdfast_domain::Error;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::ToSchema;

/// The media type of every answer that is an error.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// An error as an answer.
#[derive(Debug)]
pub(super) struct Problem(pub(super) Error);

/// What is said of an error; beside it what belongs to its code, for example `retry_after_ms`.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
struct Body<'a> {
    /// A name of the kind of error that stays: `urn:holdfast:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The status, in words.
    title: &'a str,
    /// The status of the answer.
    status: u16,
    /// The kind of error; a program goes by this.
    #[schema(example = "not_found")]
    code: &'a str,
    /// What is wrong, in words for a person.
    detail: String,
    /// What belongs to the code.
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// The name of its schema in the document.
pub(super) const SCHEMA: &str = "Problem";

/// The schema itself.
pub(super) fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    <Body<'_> as utoipa::PartialSchema>::schema()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status =
            StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut more = match serde_json::to_value(&error) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        more.remove("code");
        let body = Body {
            kind: format!("urn:holdfast:{}", error.code()),
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code: error.code(),
            detail: error.to_string(),
            more,
        };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        if let Some(seconds) = error.retry_after_seconds() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer realm=\"holdfast\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// What a route answers.
pub(super) type Answer<T> = Result<T, Problem>;

type AnswerPanic = fn(Box<dyn std::any::Any + Send>) -> Response;

/// A handler that panics is our fault and one request's end. The hook has logged it.
pub(super) fn panics() -> CatchPanicLayer<AnswerPanic> {
    CatchPanicLayer::custom(|_| Problem(Error::Internal).into_response())
}

/// No cache keeps what is somebody's.
pub(super) async fn unstored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let cache = response.headers_mut().entry(header::CACHE_CONTROL);
    cache.or_insert(HeaderValue::from_static("no-store"));
    response
}
