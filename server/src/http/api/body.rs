//! The body of a call: JSON, within bounds, and nothing in it that is not known.

use axum::extract::{FromRequest, Request};
use holdfast_domain::Error;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::problem::Problem;
use crate::AppState;
use crate::http::body::Limit;

/// One value, or a few names.
const SMALL: Limit = Limit { what: "request bytes", bytes: 1 << 20 };
/// A patch may bring much at once; the context's own limits hold beside this.
pub(super) const LARGEST: Limit = Limit { what: "request bytes", bytes: 16 << 20 };

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

/// A merge patch (RFC 7396).
pub(super) struct Patch(pub(super) Value);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let fields = read(request, state, SMALL, &["application/json"]).await?;
        let value = T::deserialize(Value::Object(fields));
        value.map(Self).map_err(|_| {
            Problem(Error::malformed("the body is not as the document of the API says"))
        })
    }
}

impl FromRequest<AppState> for Patch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let types = ["application/merge-patch+json", "application/json"];
        Ok(Self(Value::Object(read(request, state, LARGEST, &types).await?)))
    }
}

/// An object and nothing else: serde would take a list of its values for a struct.
async fn read(
    request: Request,
    state: &AppState,
    limit: Limit,
    types: &[&str],
) -> Result<Map<String, Value>, Error> {
    let given = request.headers().get(CONTENT_TYPE).and_then(|given| given.to_str().ok());
    let given = given.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !types.iter().any(|known| known.eq_ignore_ascii_case(given)) {
        return Err(Error::UnsupportedMediaType);
    }
    let (request, _share) = state.bodies.read(limit, request).await?;
    // It is whole and in memory: this does not wait.
    let bytes = axum::body::to_bytes(request.into_body(), limit.bytes).await;
    let bytes = bytes.map_err(|_| Error::malformed("the request did not arrive whole"))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::malformed(format!("the body, line {line}, column {column}: no JSON object"))
    })
}
