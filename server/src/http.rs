//! What is answered over HTTP.

mod answer;
mod api;
mod assets;
mod body;
mod cookie;
mod csrf;
mod functions;
mod headers;
mod health;
mod host;
mod identity;
mod metrics;
mod observe;
mod pages;

pub(crate) use api::{Peer, Rates};
pub(crate) use assets::Site;
pub use assets::SiteMissing;
pub(crate) use body::Budget;
pub(crate) use cookie::CookieForm;
pub(crate) use host::is_loopback;

use axum::Router;
use axum::middleware::from_fn;

use crate::AppState;

/// Everything the program answers. To be mounted at the root: pages and their files have absolute paths.
pub fn router(state: AppState) -> Router {
    let routes = Router::new()
        .merge(pages::router(&state))
        .merge(functions::router(&state))
        .merge(assets::router())
        .merge(api::router(&state))
        .layer(answer::panics());
    // Probes come every few seconds and say nothing.
    let routes = observe::log(routes)
        .layer(from_fn(metrics::count))
        .merge(health::router())
        .merge(metrics::router())
        .layer(from_fn(headers::set));
    observe::identify(routes).with_state(state)
}
