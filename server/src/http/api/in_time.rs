//! How long a call may take.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use holdfast_domain::Error;

use super::problem::Problem;

/// With a body that comes over a slow line. What is being written goes on, and the next try finds it.
const CALL: Duration = Duration::from_secs(5 * 60);
/// A session as a file may be large. Its answer is sent after this.
const FILE: Duration = Duration::from_secs(60 * 60);

/// Answers `unavailable` where it takes longer.
pub(super) async fn limit(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_file = path.ends_with("/import") || path.ends_with("/export");
    within(if is_file { FILE } else { CALL }, next.run(request)).await
}

async fn within(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limit, answer).await {
        Ok(answer) => answer,
        Err(_) => {
            tracing::warn!(seconds = limit.as_secs(), "a call took too long");
            Problem(Error::Unavailable).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn api_1_a_call_that_never_ends_is_answered() {
        let never = within(Duration::from_millis(1), std::future::pending()).await;
        assert_eq!(never.status(), 503);
        let done = within(Duration::ZERO, async { "done".into_response() }).await;
        assert_eq!(done.status(), 200);
    }
}
