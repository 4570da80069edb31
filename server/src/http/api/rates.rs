//! How often somebody may call: each address and each sign-in by itself (SEC-4). What guards a password counts in the
//! database (`throttle` of the backend).

use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use holdfast_backend::Limiter;
use holdfast_domain::Error;
use http::header::AUTHORIZATION;
use http::request::Parts;
use sha2::{Digest, Sha256};

use super::problem::Problem;
use crate::AppState;

/// Who is counted, each by itself.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    /// A token's or a cookie's hash, so that none is kept.
    SignedIn([u8; 32]),
}

/// What was asked lately.
pub(crate) struct Rates {
    calls: Limiter<Who>,
    entries: Limiter<Who>,
}

impl Rates {
    /// So many calls a minute, and so many tries to sign in or register.
    pub(crate) fn new(calls: u32, entries: u32) -> Self {
        Self { calls: Limiter::per_minute(calls), entries: Limiter::per_minute(entries) }
    }

    /// Counts a try to get in.
    ///
    /// # Errors
    /// `RateLimited`.
    pub(crate) fn entry(&self, from: IpAddr) -> Result<(), Error> {
        self.entries.count(&Who::Address(from))
    }
}

/// Where a request comes from, as the connection says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Counts a call, and refuses one too many.
pub(super) async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let address = state.address_of(request.extensions().get::<Peer>().copied(), headers);
    let token = headers.get(AUTHORIZATION).map(|given| given.as_bytes().to_vec());
    let token = token.or_else(|| state.cookie.read(headers).map(|given| given.token.into_bytes()));
    let signed_in = token.map(|token| Who::SignedIn(Sha256::digest(token).into()));
    for who in [address.map(Who::Address), signed_in].into_iter().flatten() {
        if let Err(error) = state.rates.calls.count(&who) {
            return Problem(error).into_response();
        }
    }
    next.run(request).await
}

/// Where a call comes from.
pub(super) struct From(pub(super) Option<IpAddr>);

impl FromRequestParts<AppState> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().copied();
        Ok(Self(state.address_of(peer, &parts.headers)))
    }
}
