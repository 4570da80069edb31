//! How often somebody may call: each address and each sign-in by itself (SEC-4). In memory: with several nodes each
//! counts for itself. What guards a password counts in the database (`throttle` of the backend).

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
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
    calls: DefaultKeyedRateLimiter<Who>,
    entries: DefaultKeyedRateLimiter<Who>,
    clock: DefaultClock,
    asked: AtomicU32,
}

/// After so many calls those who were not there for a while are forgotten.
const TIDY: u32 = 4096;

impl Rates {
    /// So many calls a minute, and so many tries to sign in or register.
    pub(crate) fn new(calls: u32, entries: u32) -> Self {
        let [calls, entries] =
            [calls, entries].map(|number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN));
        Self {
            calls: RateLimiter::keyed(Quota::per_minute(calls)),
            entries: RateLimiter::keyed(Quota::per_minute(entries)),
            clock: DefaultClock::default(),
            asked: AtomicU32::new(0),
        }
    }

    /// Counts a try to get in.
    ///
    /// # Errors
    /// `RateLimited`.
    pub(crate) fn entry(&self, from: IpAddr) -> Result<(), Error> {
        self.check(&self.entries, &Who::Address(from))
    }

    fn check(&self, limiter: &DefaultKeyedRateLimiter<Who>, who: &Who) -> Result<(), Error> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(TIDY) {
            self.calls.retain_recent();
            self.entries.retain_recent();
        }
        limiter.check_key(who).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()).max(Duration::from_millis(1));
            let retry_after_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            Error::RateLimited { retry_after_ms }
        })
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
        if let Err(error) = state.rates.check(&state.rates.calls, &who) {
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
