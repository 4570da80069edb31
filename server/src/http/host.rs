//! One origin per browser: cookie and journal belong to it (OPS-1).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::uri::Authority;
use http::{Method, Uri, header};

use crate::AppState;

/// Sends who came by another loopback name (`localhost` for `127.0.0.1`) to the configured origin. Other
/// names are left alone: behind a proxy the `Host` may be anybody's.
pub(super) async fn redirect(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    match host.filter(|_| read).and_then(|host| elsewhere(&state.origin, host, request.uri())) {
        // Not for ever: the operator may choose another origin.
        Some(there) => Redirect::temporary(&there).into_response(),
        None => next.run(request).await,
    }
}

/// Where a request for `uri` on `host` should go instead.
fn elsewhere(origin: &str, host: &str, uri: &Uri) -> Option<String> {
    let ours: Uri = origin.parse().ok()?;
    let (ours, asked) = (ours.authority()?, host.parse::<Authority>().ok()?);
    let other = is_loopback(ours.host())
        && is_loopback(asked.host())
        && !ours.host().eq_ignore_ascii_case(asked.host())
        // Another port is a tunnel, whose far end we are.
        && ours.port_u16() == asked.port_u16();
    other.then(|| {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        format!("{origin}{path}")
    })
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ops_1_only_another_loopback_name_is_sent_to_the_origin() {
        let uri = Uri::from_static("/s/1?a=b");
        let there = |origin, host| elsewhere(origin, host, &uri);
        let ours = "http://127.0.0.1:3000";
        assert_eq!(there(ours, "localhost:3000").as_deref(), Some("http://127.0.0.1:3000/s/1?a=b"));
        assert_eq!(there(ours, "[::1]:3000").as_deref(), Some("http://127.0.0.1:3000/s/1?a=b"));
        assert_eq!(there(ours, "127.0.0.1:3000"), None);
        assert_eq!(there("http://LOCALHOST:3000", "localhost:3000"), None);
        // A name in the network, and a proxy that passes its own address on.
        assert_eq!(there(ours, "laptop.lan:3000"), None);
        assert_eq!(there("https://notes.example.org", "127.0.0.1:3000"), None);
        assert_eq!(there(ours, "localhost:8080"), None);
        assert_eq!(there(ours, "not a host"), None);
    }
}
