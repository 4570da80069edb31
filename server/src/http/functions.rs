//! The server functions of the app: each a route of its own below [`FUNCTIONS`].

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, any, on};
use holdfast_app::FUNCTIONS;
use holdfast_domain::Error;
use holdfast_domain::limits::CONTEXT_BYTES;
use leptos::server_fn::axum::server_fn_paths;

use super::answer::{Refusal, not_found};
use super::body::Limit;
use super::{csrf, identity, pages};
use crate::AppState;

/// A first sync may carry a whole context, and what stands around it.
const SAVE: Limit = Limit { what: "request bytes", bytes: CONTEXT_BYTES + (1 << 20) };
/// The longest of the others carries one value or one name.
const OTHER: Limit = Limit { what: "request bytes", bytes: 2 << 20 };
/// How long the work may take once the request is here; a save that goes on is found by the next try.
const WORK: Duration = Duration::from_secs(60);

/// Those that let somebody in, or try to.
const ENTRIES: [&str; 5] =
    ["sign_in", "register", "ask_reset", "reset_password", "change_password"];

/// What a function's calls meet.
#[derive(Clone, Copy)]
struct Way {
    limit: Limit,
    is_entry: bool,
}

pub(super) fn router(state: &AppState) -> Router<AppState> {
    let mut router = Router::new().route(&format!("{FUNCTIONS}/{{*unknown}}"), any(not_found));
    for (path, method) in server_fn_paths() {
        let Ok(method) = MethodFilter::try_from(method) else { continue };
        let name = path.rsplit('/').next().unwrap_or_default();
        let limit = if name == "save_context" { SAVE } else { OTHER };
        let way = Way { limit, is_entry: ENTRIES.contains(&name) };
        let call = move |state, request| call(state, way, request);
        router = router.route(path, on(method, call).fallback(not_found));
    }
    // The body is bounded and whole when leptos asks for it.
    router
        .layer(DefaultBodyLimit::disable())
        .layer(csrf::layer(&state.origin, |_| Refusal(Error::CrossSite).into_response()))
}

/// What a call meets, in order. Not a layer for each: a layer boxes and copies all that is below it for
/// every request, and a save is small.
async fn call(State(state): State<AppState>, way: Way, mut request: Request) -> Response {
    if !csrf::is_proven(request.headers()) {
        return Refusal(Error::CrossSite).into_response();
    }
    let from = state.address_of(request.extensions().get().copied(), request.headers());
    if way.is_entry
        && let Some(from) = from
        && let Err(error) = state.rates.entry(from)
    {
        return Refusal(error).into_response();
    }
    let visitor = match identity::of_call(&state, request.headers()) {
        Ok(visitor) => visitor.from_address(from),
        Err(refused) => return refused,
    };
    request.extensions_mut().insert(visitor);
    let (request, _share) = match state.bodies.read(way.limit, request).await {
        Ok(read) => read,
        Err(error) => return Refusal(error).into_response(),
    };
    let context = move || pages::functions_context(&state);
    let answer = leptos_axum::handle_server_fns_with_context(context, request);
    match tokio::time::timeout(WORK, answer).await {
        Ok(answer) => answer.into_response(),
        Err(_) => Refusal(Error::Unavailable).into_response(),
    }
}
