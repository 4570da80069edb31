//! Who makes a call: a program by its access token, a page of ours by its cookie.

use axum::extract::FromRequestParts;
use holdfast_app::PAGE_OF;
use holdfast_backend::{Backend, Visitor};
use holdfast_domain::Error;
use holdfast_domain::account::PageOf;
use http::header::{AUTHORIZATION, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, Method};

use super::problem::Problem;
use crate::AppState;
use crate::http::csrf;

/// Somebody, and what answers them.
pub(super) struct Caller {
    pub(super) backend: Backend,
    pub(super) visitor: Visitor,
    /// How requests are counted as theirs.
    pub(super) is_program: bool,
}

impl Caller {
    /// Who asks, as far as the request says.
    ///
    /// # Errors
    /// `NotSignedIn`; `CrossSite` for a cookie that changes something without a proof that our page sent it.
    pub(super) fn of(
        state: &AppState,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Self, Error> {
        let backend = state.backend.clone();
        if let Some(given) = headers.get(AUTHORIZATION) {
            let given = given.to_str().unwrap_or_default();
            let (scheme, token) = given.split_once(' ').unwrap_or_default();
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(Error::NotSignedIn);
            }
            let visitor = backend.client(token.trim())?;
            return Ok(Self { backend, visitor, is_program: true });
        }
        let given = state.cookie.read(headers).ok_or(Error::NotSignedIn)?;
        // What the proof says was looked at before.
        if !matches!(*method, Method::GET | Method::HEAD) && !csrf::is_proven(headers) {
            return Err(Error::CrossSite);
        }
        let visitor = backend.visitor(&given.token)?;
        // A page of ours says whose it is: what it does must not come to somebody else.
        let visitor = match headers.get(PAGE_OF) {
            Some(page) => {
                let page = page.to_str().ok().and_then(|page| PageOf::parse(page).ok());
                visitor.on_page_of(page.ok_or_else(|| Error::malformed(PAGE_OF))?)
            }
            None => visitor,
        };
        Ok(Self { backend, visitor, is_program: false })
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let caller = Self::of(state, &parts.method, &parts.headers).map_err(Problem)?;
        let from = state.address_of(parts.extensions.get().copied(), &parts.headers);
        Ok(Self { visitor: caller.visitor.from_address(from), ..caller })
    }
}

/// What a program says it is, for the list of what is signed in.
pub(super) struct Device(pub(super) String);

impl FromRequestParts<AppState> for Device {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self(agent.unwrap_or("A program").to_owned()))
    }
}
