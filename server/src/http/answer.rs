//! The project's error as a response.

use std::any::Any;

use axum::Json;
use axum::response::{IntoResponse, Response};
use holdfast_domain::Error;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;

/// `{"code": "...", ..., "message": "..."}` with the error's status: what server functions answer, and
/// the words for whoever reads it without our page.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) Error);

#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    error: &'a Error,
    message: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = StatusCode::from_u16(error.status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Body { error: &error, message: error.to_string() };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = error.retry_after_seconds() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// Answers where there is nothing.
pub(super) async fn not_found() -> Refusal {
    Refusal(Error::NotFound)
}

type AnswerPanic = fn(Box<dyn Any + Send>) -> Response;

/// A handler that panics is our fault and one request's end, not the connection's. The hook has logged it.
pub(super) fn panics() -> CatchPanicLayer<AnswerPanic> {
    CatchPanicLayer::custom(|_| Refusal(Error::Internal).into_response())
}
