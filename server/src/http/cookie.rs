//! The cookie that says who is asking (SEC-2).

use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use holdfast_backend::Token;
use http::{HeaderMap, HeaderValue, header};

/// The longest that browsers keep one.
const KEPT_DAYS: i64 = 400;
/// A cookie this old is set again by a visit, so that a browser in use never loses it. Not at each visit:
/// a changed cookie makes browsers forget pages they keep for going back.
const RENEWED_AFTER_DAYS: i64 = 30;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How the cookie is named and protected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CookieForm {
    insecure: bool,
}

/// A token as a browser sent it: not checked yet.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) token: String,
    since_day: i64,
}

impl CookieForm {
    /// `insecure`: for plain HTTP on other than loopback addresses, where browsers refuse secure cookies.
    pub(crate) fn new(insecure: bool) -> Self {
        Self { insecure }
    }

    fn name(self) -> &'static str {
        // The prefix binds it to this host: no neighbour domain can set one for us.
        if self.insecure { "holdfast" } else { "__Host-holdfast" }
    }

    /// What the request carries. The value is the token and the day it was set on.
    pub(super) fn read(self, headers: &HeaderMap) -> Option<Given> {
        let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookie = sent
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == self.name())?;
        let (token, day) = cookie.value().split_once('.').unwrap_or((cookie.value(), ""));
        Some(Given { token: token.to_owned(), since_day: day.parse().unwrap_or(0) })
    }

    /// Sets the cookie to a token.
    pub(super) fn set(self, token: &str, now_ms: i64) -> Option<HeaderValue> {
        let value = format!("{token}.{}", now_ms / DAY_MS);
        let cookie = Cookie::build((self.name(), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::days(KEPT_DAYS))
            .secure(!self.insecure);
        HeaderValue::try_from(cookie.to_string()).ok()
    }

    /// Sets the cookie to a token that nobody has yet.
    pub(super) fn issue(self, token: &Token, now_ms: i64) -> Option<HeaderValue> {
        self.set(token.as_str(), now_ms)
    }
}

impl Given {
    /// It is time to set it again. A day in the future is somebody's invention or another clock's.
    pub(super) fn is_old(&self, now_ms: i64) -> bool {
        !(0..RENEWED_AFTER_DAYS).contains(&(now_ms / DAY_MS).saturating_sub(self.since_day))
    }
}
