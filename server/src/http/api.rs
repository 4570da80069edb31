//! The HTTP API: what the interface does, for programs (API-1). Each route checks who asks, calls the same backend
//! function as the page's server function, and answers JSON or a problem (RFC 9457).

// What utoipa writes is qualified.
#![allow(unused_qualifications)]

mod account;
mod auth;
mod body;
mod caller;
mod context;
mod document;
mod events;
mod in_time;
mod jobs;
mod located;
mod locations;
mod named;
mod problem;
mod query;
mod rates;
mod repeated;
mod sessions;
mod sharing;
mod snapshots;
mod statistics;
mod table;

pub(crate) use rates::{Peer, Rates};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::any;
use holdfast_domain::Error;
use utoipa_axum::router::OpenApiRouter;

use self::problem::Problem;
use super::csrf;
use crate::AppState;

/// Where it begins.
pub(super) const API: &str = "/api";

/// All of its routes, with what the document says of them.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(document::frame())
        .merge(auth::routes())
        .merge(account::routes())
        .merge(statistics::routes())
        .merge(sessions::routes())
        .merge(context::routes())
        .merge(events::routes())
        .merge(jobs::routes())
        .merge(locations::routes())
        .merge(snapshots::routes())
        .merge(sharing::routes())
}

pub(super) fn router(state: &AppState) -> Router<AppState> {
    let (routes, _) = routes().split_for_parts();
    let nothing = || async { Problem(Error::NotFound) };
    let routes = routes
        .route(API, any(nothing))
        .route(&format!("{API}/"), any(nothing))
        .route(&format!("{API}/{{*unknown}}"), any(nothing))
        .method_not_allowed_fallback(|| async { Problem(Error::MethodNotAllowed) });
    routes
        .layer(from_fn(in_time::limit))
        .layer(from_fn_with_state(state.clone(), repeated::once))
        .layer(csrf::layer(&state.origin, |_| Problem(Error::CrossSite).into_response()))
        .layer(from_fn(located::locate))
        .layer(from_fn_with_state(state.clone(), rates::limit))
        .merge(document::router())
        .layer(problem::panics())
        .layer(from_fn(problem::unstored))
}
