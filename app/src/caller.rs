//! Who calls a server function, what answers it, and what a browser is given to be known by.

use std::sync::Arc;

use holdfast_backend::{Backend, Token, Visitor};
use holdfast_domain::{Error, Result};
use http::header::{ACCEPT, SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Makes the cookie of a token; `None` for one that no header can hold.
pub type Bake = dyn Fn(&Token) -> Option<HeaderValue> + Send + Sync;

/// Makes the cookie of a token; to be provided as a Leptos context for server functions.
#[derive(Clone)]
pub struct ToCookie(pub Arc<Bake>);

/// The backend and the visitor of this request, which the server provides.
///
/// # Errors
/// `NotSignedIn` without a visitor.
pub(crate) fn caller() -> Result<(Backend, Visitor)> {
    let visitor = use_context::<Visitor>().ok_or(Error::NotSignedIn)?;
    let backend = use_context::<Backend>().ok_or(Error::Unavailable)?;
    Ok((backend, visitor))
}

/// The browser is known by this token from now on.
pub(crate) fn set_cookie(token: &Token) -> Result<()> {
    let ToCookie(to_cookie) = use_context().ok_or(Error::Internal)?;
    let response = use_context::<ResponseOptions>().ok_or(Error::Internal)?;
    response.append_header(SET_COOKIE, to_cookie(token).ok_or(Error::Internal)?);
    Ok(())
}

/// What the browser says it is; empty where it says nothing.
pub(crate) fn device() -> String {
    header(|headers| headers.get(USER_AGENT)).unwrap_or_default()
}

/// Where a form without JavaScript goes on after it was sent. With JavaScript the page decides itself.
pub(crate) fn go_on_at(path: &str) {
    if is_plain_form() {
        leptos_axum::redirect(path);
    }
}

/// Whether it is a form that the browser sent by itself, and shows what is answered.
pub(crate) fn is_plain_form() -> bool {
    header(|headers| headers.get(ACCEPT)).is_some_and(|accept| accept.contains("text/html"))
}

fn header(which: impl Fn(&HeaderMap) -> Option<&HeaderValue>) -> Option<String> {
    let parts = use_context::<Parts>()?;
    Some(which(&parts.headers)?.to_str().ok()?.to_owned())
}
