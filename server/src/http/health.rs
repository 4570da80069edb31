//! Whether the process lives, and whether requests should be sent to it (OPS-2).

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use holdfast_domain::Error;
use http::header::CACHE_CONTROL;

use super::answer::Refusal;
use super::pages::PATIENCE;
use crate::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], "alive\n")
}

/// The database answers, the writer runs, and nobody asked us to stop.
async fn ready(State(state): State<AppState>) -> Result<impl IntoResponse, Refusal> {
    if state.stopping() {
        return Err(Refusal(Error::Unavailable));
    }
    // Who asks often does not wait long; a database that does not answer is not ready either.
    let healthy = tokio::time::timeout(PATIENCE, state.backend.healthy()).await;
    healthy.unwrap_or(Err(Error::Unavailable))?;
    Ok(([(CACHE_CONTROL, "no-store")], "ready\n"))
}
