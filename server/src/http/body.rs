//! The body of a request, read whole within bounds before anybody looks at it.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use holdfast_domain::Error;
use http::header::CONTENT_LENGTH;

use super::answer::Refusal;

/// How large a body may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// For the person.
    pub(super) what: &'static str,
    pub(super) bytes: usize,
}

/// A connection that brings nothing for so long is given up. The whole may take longer: 50 MB over a slow
/// line are minutes.
const SILENCE: Duration = Duration::from_secs(20);

/// Reads the body, or answers why not.
pub(super) async fn read(State(limit): State<Limit>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let announced = announced.and_then(|length| length.parse().ok()).unwrap_or(0);
    match collect(body, announced, limit).await {
        Ok(bytes) => next.run(Request::from_parts(parts, bytes.into())).await,
        Err(error) => Refusal(error).into_response(),
    }
}

async fn collect(body: Body, announced: usize, limit: Limit) -> Result<Bytes, Error> {
    let mut chunks = body.into_data_stream();
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    // Somewhat more than is allowed is read and dropped: a client that still sends reads no answer.
    while seen <= limit.bytes.saturating_mul(2) {
        let chunk = tokio::time::timeout(SILENCE, chunks.next()).await;
        match chunk.map_err(|_| Error::malformed("the request did not arrive"))? {
            Some(chunk) => {
                let chunk =
                    chunk.map_err(|_| Error::malformed("the request did not arrive whole"))?;
                seen = seen.saturating_add(chunk.len());
                if seen.max(announced) <= limit.bytes {
                    if kept.is_empty() {
                        kept.reserve_exact(announced);
                    }
                    kept.extend_from_slice(&chunk);
                } else {
                    kept = Vec::new();
                }
            }
            None if seen <= limit.bytes => return Ok(kept.into()),
            None => break,
        }
    }
    Err(Error::limit(limit.what, limit.bytes, seen.max(announced)))
}
