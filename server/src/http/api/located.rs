//! `Content-Location`: which session it is that `active` and the short forms mean (API-2).

use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use holdfast_domain::id::SessionId;
use http::HeaderValue;
use http::header::CONTENT_LOCATION;

use super::API;

/// Where a call finds the session that it did not name by its id.
#[derive(Clone, Default)]
pub(super) struct Location(Arc<OnceLock<SessionId>>);

impl Location {
    /// It is this one.
    pub(super) fn is(&self, session: SessionId) {
        // One call means one session.
        let _ = self.0.set(session);
    }
}

/// Says it in the answer.
pub(super) async fn locate(mut request: Request, next: Next) -> Response {
    let location = Location::default();
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(location.clone());
    let mut response = next.run(request).await;
    let sessions = format!("{API}/sessions/");
    if let (Some(id), Some(rest)) = (location.0.get(), path.strip_prefix(&sessions)) {
        let rest = match rest.strip_prefix("active") {
            Some(rest) => rest.to_owned(),
            None => format!("/{rest}"),
        };
        if let Ok(value) = HeaderValue::try_from(format!("{sessions}{id}{rest}")) {
            response.headers_mut().insert(CONTENT_LOCATION, value);
        }
    }
    response
}
