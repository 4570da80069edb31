//! The HTTP status of a failed server function; left alone, leptos answers 500 for all of them.

use holdfast_domain::Error;
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::Fault;

pub(super) fn set(fault: &Fault) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    // A form that the browser sent by itself is answered with the way back to its page, which says what is wrong.
    if crate::caller::is_plain_form() {
        return;
    }
    let error = Error::from(fault.clone());
    response.set_status(
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    );
    if let Some(seconds) = error.retry_after_seconds() {
        response.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
    }
}
