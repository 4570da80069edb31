//! Who calls a server function, and what answers it.

use holdfast_backend::{Backend, Visitor};
use holdfast_domain::{Error, Result};
use leptos::prelude::use_context;

/// The backend and the visitor of this request, which the server provides.
///
/// # Errors
/// `NotSignedIn` without a visitor.
pub(crate) fn caller() -> Result<(Backend, Visitor)> {
    let visitor = use_context::<Visitor>().ok_or(Error::NotSignedIn)?;
    let backend = use_context::<Backend>().ok_or(Error::Unavailable)?;
    Ok((backend, visitor))
}
