//! The server functions of the app: each a route of its own below [`FUNCTIONS`].

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, any, on};
use holdfast_app::FUNCTIONS;
use holdfast_domain::Error;
use holdfast_domain::limits::CONTEXT_BYTES;
use leptos::server_fn::axum::server_fn_paths;

use super::answer::{Refusal, not_found};
use super::body::{self, Limit};
use super::{csrf, identity, pages};
use crate::AppState;

/// A first sync may carry a whole context, and what stands around it.
const SAVE: Limit = Limit { what: "request bytes", bytes: CONTEXT_BYTES + (1 << 20) };
/// The longest of the others carries one value or one name.
const OTHER: Limit = Limit { what: "request bytes", bytes: 2 << 20 };
/// How long the work may take once the request is here; a save that goes on is found by the next try.
const WORK: Duration = Duration::from_secs(60);

pub(super) fn router(state: &AppState) -> Router<AppState> {
    let mut router = Router::new().route(&format!("{FUNCTIONS}/{{*unknown}}"), any(not_found));
    for (path, method) in server_fn_paths() {
        let Ok(method) = MethodFilter::try_from(method) else { continue };
        let limit = if path.ends_with("/save_context") { SAVE } else { OTHER };
        let route = on(method, call)
            .layer(from_fn(in_time))
            .layer(from_fn_with_state((limit, state.bodies.clone()), body::read))
            .fallback(not_found);
        router = router.route(path, route);
    }
    router
        // The body is bounded and whole when leptos asks for it.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), identity::of_call))
        .layer(from_fn(csrf::proven))
        .layer(csrf::layer(&state.origin))
}

async fn call(State(state): State<AppState>, request: Request) -> Response {
    let context = move || pages::functions_context(&state);
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}

async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(WORK, next.run(request))
        .await
        .unwrap_or_else(|_| Refusal(Error::Unavailable).into_response())
}
