//! What is logged of a request, under an id that the answer carries too (OPS-2): route, status and time,
//! never a path, a name or content.

use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::HeaderName;
use tower_http::request_id::{
    MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::trace::TraceLayer;
use tracing::{Span, info_span};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives each request an id; outside of [`log`].
pub(super) fn identify<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(from_fn(drop_unfit_id))
}

/// Logs what became of each request.
pub(super) fn log<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    let trace = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_request(())
        .on_response(answered)
        .on_failure(());
    routes.layer(trace)
}

fn span(request: &Request) -> Span {
    let id = request.extensions().get::<RequestId>();
    let id = id.and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    info_span!("request", id, method = %request.method(), route)
}

fn answered(response: &Response, took: Duration, _: &Span) {
    let status = response.status().as_u16();
    let ms = took.as_millis();
    match status {
        500.. => tracing::error!(status, ms, "answered"),
        400.. => tracing::warn!(status, ms, "answered"),
        // Each tab saves every half a minute: not what an operator looks for.
        _ => tracing::debug!(status, ms, "answered"),
    }
}

/// An id that came along is kept, so that a proxy's log and ours meet; anything else than an id is not.
async fn drop_unfit_id(mut request: Request, next: Next) -> Response {
    let fit = request.headers().get(&REQUEST_ID).is_some_and(|id| {
        let id = id.as_bytes();
        (1..=64).contains(&id.len())
            && id.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    });
    if !fit {
        request.headers_mut().remove(&REQUEST_ID);
    }
    next.run(request).await
}
