//! Who is asking: a visit to a page gets a token where it has none, a call must bring one.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use holdfast_backend::{SystemEnvironment, Visitor};
use holdfast_domain::{Environment, Error};
use http::header;

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
    let now = SystemEnvironment.now_ms();
    let given = state.cookie.read(request.headers());
    let (visitor, cookie) = match &given {
        Some(given) => match soon(&state, &given.token).await {
            Ok(visitor) => {
                let again = given.is_old(now).then(|| state.cookie.set(&given.token, now));
                (Some(visitor), again.flatten())
            }
            Err(Error::NotSignedIn) => newcomer(&state, now).await,
            // The page opens from what the device has; the cookie may well be good.
            Err(_) => (None, None),
        },
        None => newcomer(&state, now).await,
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

/// Lets only calls with a token of ours pass, and gives a new one to those without.
pub(super) async fn of_call(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let refused = match state.cookie.read(request.headers()) {
        Some(given) => match state.backend.visitor(&given.token).await {
            Ok(visitor) => {
                request.extensions_mut().insert(visitor);
                return next.run(request).await;
            }
            Err(error) => error,
        },
        None => Error::NotSignedIn,
    };
    let lost = refused == Error::NotSignedIn;
    let mut response = Refusal(refused).into_response();
    if lost {
        let token = state.backend.issue_token();
        if let Some(cookie) = state.cookie.issue(&token, SystemEnvironment.now_ms()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

async fn newcomer(state: &AppState, now_ms: i64) -> (Option<Visitor>, Option<http::HeaderValue>) {
    let token = state.backend.issue_token();
    let visitor = soon(state, token.as_str()).await.ok();
    (visitor, state.cookie.issue(&token, now_ms))
}

/// A page does not wait for a database that hangs.
async fn soon(state: &AppState, token: &str) -> Result<Visitor, Error> {
    let visitor = tokio::time::timeout(super::pages::PATIENCE, state.backend.visitor(token)).await;
    visitor.unwrap_or(Err(Error::Unavailable))
}
