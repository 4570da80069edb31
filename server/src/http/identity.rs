//! Who is asking: a visit to a page gets a token where it has none, a call must bring one.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use holdfast_backend::Visitor;
use holdfast_domain::Error;
use http::{HeaderMap, header};

use super::answer::Refusal;
use crate::AppState;

/// Tells a page who visits it. Without a token of ours, a new one is set and nothing is written.
pub(super) async fn of_visit(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    // Files that browsers ask for beside a page must not race it with a token of their own.
    if request.extensions().get::<MatchedPath>().is_none() && !super::pages::is_read(&request) {
        return next.run(request).await;
    }
    let now = state.backend.now_ms();
    let given = state.cookie.read(request.headers());
    let (visitor, cookie) = match &given {
        Some(given) => match state.backend.visitor(&given.token) {
            Ok(visitor) => {
                let again = given.is_old(now).then(|| state.cookie.set(&given.token, now));
                (Some(visitor), again.flatten())
            }
            Err(_) => newcomer(&state, now),
        },
        None => newcomer(&state, now),
    };
    if let Some(visitor) = visitor {
        request.extensions_mut().insert(visitor);
    }
    let mut response = next.run(request).await;
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Who makes a call; without a token of ours a refusal, with a new token for the next try.
#[allow(clippy::result_large_err)] // The refusal is the answer.
pub(super) fn of_call(state: &AppState, headers: &HeaderMap) -> Result<Visitor, Response> {
    let given = state.cookie.read(headers);
    given.and_then(|given| state.backend.visitor(&given.token).ok()).ok_or_else(|| {
        let mut refused = Refusal(Error::NotSignedIn).into_response();
        let token = state.backend.issue_token();
        if let Some(cookie) = state.cookie.issue(&token, state.backend.now_ms()) {
            refused.headers_mut().append(header::SET_COOKIE, cookie);
        }
        refused
    })
}

fn newcomer(state: &AppState, now_ms: i64) -> (Option<Visitor>, Option<http::HeaderValue>) {
    let token = state.backend.issue_token();
    (state.backend.visitor(token.as_str()).ok(), state.cookie.issue(&token, now_ms))
}
