//! `/metrics`: what is counted, for whoever may read it, and the counting of requests (OPS-2).

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use holdfast_domain::Error;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, Method};
use metrics::{counter, gauge, histogram};

use super::Peer;
use super::answer::Refusal;
use crate::config::MetricsFor;
use crate::{AppState, metrics as counted};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/metrics", get(read))
}

async fn read(
    State(state): State<AppState>,
    headers: HeaderMap,
    peer: Option<axum::Extension<Peer>>,
) -> Result<impl IntoResponse, Refusal> {
    let peer = peer.map(|axum::Extension(peer)| peer);
    let address = state.address_of(peer, &headers);
    let may = match state.metrics_for {
        MetricsFor::Nobody => false,
        MetricsFor::Loopback => address.is_some_and(|address| address.is_loopback()),
        MetricsFor::Everybody => true,
    };
    if !may {
        return Err(Refusal(Error::NotFound));
    }
    // Less than 2^53 of them.
    #[allow(clippy::cast_precision_loss)]
    gauge!("holdfast_damaged_parts").set(state.backend.damaged_parts() as f64);
    let text = counted::render().ok_or(Refusal(Error::NotFound))?;
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text))
}

/// Counts a request by its route, as the router writes it: never by what somebody asked for.
pub(super) async fn count(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = word(request.method());
    let response = next.run(request).await;
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    let status = match response.status().as_u16() {
        500.. => "5xx",
        400.. => "4xx",
        300.. => "3xx",
        _ => "2xx",
    };
    let labels = [("route", route.clone()), ("method", method.into()), ("status", status.into())];
    counter!("holdfast_requests_total", &labels).increment(1);
    histogram!("holdfast_request_seconds", "route" => route).record(begun.elapsed().as_secs_f64());
    response
}

/// Anybody can make up a method.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
