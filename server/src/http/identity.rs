//! Who is asking: a visit to a page gets a token where it has none, a call must bring one.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use holdfast_app::PAGE_OF;
use holdfast_backend::Visitor;
use holdfast_domain::Error;
use holdfast_domain::account::{Account, PageOf};
use http::{HeaderMap, header};

use super::answer::Refusal;
use super::cookie::Given;
use super::pages::PATIENCE;
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
    let known = match &given {
        Some(given) => known(&state, given).await,
        None => None,
    };
    let (visitor, who, cookie) = match (known, given) {
        (Some((visitor, who)), Some(given)) => {
            let again = given.is_old(now).then(|| state.cookie.set(&given.token, now));
            (Some(visitor), who, again.flatten())
        }
        _ => {
            let (visitor, cookie) = newcomer(&state, now);
            (visitor, Who::Said(None), cookie)
        }
    };
    if let Some(visitor) = visitor {
        request.extensions_mut().insert(visitor);
    }
    request.extensions_mut().insert(who);
    let mut response = next.run(request).await;
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Who a visitor is, where the database answered in time.
#[derive(Clone, Debug)]
pub(super) enum Who {
    /// Somebody, or a guest.
    Said(Option<Account>),
    /// It did not.
    Unknown,
}

/// Whose a token is. `None`: nobody's any more, or never one of ours.
async fn known(state: &AppState, given: &Given) -> Option<(Visitor, Who)> {
    let visitor = state.backend.visitor(&given.token).ok()?;
    match tokio::time::timeout(PATIENCE, state.backend.who(&visitor)).await {
        Ok(Ok(who)) => Some((visitor, Who::Said(who))),
        Ok(Err(Error::NotSignedIn | Error::AccountDisabled)) => None,
        Ok(Err(_)) | Err(_) => Some((visitor, Who::Unknown)),
    }
}

/// Who makes a call; without a token of ours a refusal, with a new token for the next try.
#[allow(clippy::result_large_err)] // The refusal is the answer.
pub(super) fn of_call(state: &AppState, headers: &HeaderMap) -> Result<Visitor, Response> {
    let page = match headers.get(PAGE_OF) {
        Some(page) => {
            let page = page.to_str().ok().and_then(|page| PageOf::parse(page).ok());
            Some(page.ok_or_else(|| Refusal(Error::malformed(PAGE_OF)).into_response())?)
        }
        // Not from a page of ours: a form without JavaScript, a program.
        None => None,
    };
    let given = state.cookie.read(headers);
    let visitor = given.and_then(|given| state.backend.visitor(&given.token).ok());
    let visitor = visitor.map(|visitor| match page {
        Some(page) => visitor.on_page_of(page),
        None => visitor,
    });
    visitor.ok_or_else(|| {
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
