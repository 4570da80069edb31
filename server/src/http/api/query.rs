//! What stands behind the question mark.

use axum::extract::{FromRequestParts, Query as Parsed};
use holdfast_domain::Error;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::AppState;

/// The parameters of a call; one that is not known is refused, so that a misspelt one is noticed.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        let query = Parsed::try_from_uri(&parts.uri);
        query
            .map(|Parsed(query)| Self(query))
            .map_err(|_| Problem(Error::malformed("the parameters of the address")))
    }
}
