//! What changes something must come from our own pages (SEC-4).

use axum::response::Response;
use http::{HeaderMap, HeaderName, header};
use tower_http::csrf::{CsrfLayer, ProtectionError};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

type Refuse = fn(ProtectionError) -> Response;

/// Refuses what a browser says comes from elsewhere: by `Sec-Fetch-Site`, else by `Origin`.
pub(super) fn layer(origin: &str, refuse: Refuse) -> CsrfLayer<Refuse> {
    let layer = CsrfLayer::new();
    // Behind a proxy that rewrites `Host`, only the configured origin tells our pages.
    let layer = layer.clone().add_trusted_origin(origin).unwrap_or(layer);
    layer.with_rejection_response(refuse)
}

/// Whether it carries one of them at all. Every browser sends one; a cookie without a browser is no proof.
pub(super) fn is_proven(headers: &HeaderMap) -> bool {
    let says = |name| headers.get(name).is_some_and(|value| !value.is_empty());
    says(SEC_FETCH_SITE) || says(header::ORIGIN)
}
