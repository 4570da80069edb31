//! What changes something must come from our own pages (SEC-4).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use holdfast_domain::Error;
use http::header;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::answer::Refusal;

type Refuse = fn(ProtectionError) -> Response;

/// Refuses what a browser says comes from elsewhere: by `Sec-Fetch-Site`, else by `Origin`.
pub(super) fn layer(origin: &str) -> CsrfLayer<Refuse> {
    let layer = CsrfLayer::new();
    // Behind a proxy that rewrites `Host`, only the configured origin tells our pages.
    let layer = layer.clone().add_trusted_origin(origin).unwrap_or(layer);
    layer.with_rejection_response(|_| Refusal(Error::CrossSite).into_response())
}

/// Refuses what carries neither header. Every browser sends one; a cookie without a browser is no proof.
pub(super) async fn proven(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN) {
        next.run(request).await
    } else {
        Refusal(Error::CrossSite).into_response()
    }
}
