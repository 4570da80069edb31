//! What an address names: a session by its id or as `active`, a snapshot, a sign-in.

use std::str::FromStr;

use axum::RequestPartsExt;
use axum::extract::{FromRequestParts, Path};
use holdfast_domain::Error;
use holdfast_domain::id::SessionId;
use http::request::Parts;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::located::Location;
use super::problem::Problem;
use super::query::Query;
use crate::AppState;

/// The word for the active session that was most recently used by a person.
const ACTIVE: &str = "active";

/// A session in an address.
#[derive(ToSchema)]
#[schema(
    value_type = String,
    pattern = "^(active|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$",
    example = "active"
)]
#[allow(dead_code)] // For the document.
pub(super) struct SessionName(String);

/// An id in an address.
#[derive(ToSchema)]
#[schema(
    value_type = String,
    pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
)]
#[allow(dead_code)] // For the document.
pub(super) struct IdName(String);

/// The session that a call is about: `{id}` of its path, where it has none `?session=`, else the active one.
pub(super) struct Named {
    pub(super) id: SessionId,
    /// It was called by its id.
    pub(super) by_id: bool,
}

/// Which session a short form means.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// The session; without it the active one.
    #[param(value_type = Option<SessionName>)]
    pub(super) session: Option<String>,
}

impl FromRequestParts<AppState> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let caller = Caller::of(state, &parts.method, &parts.headers)?;
        let name = match segment(parts, "id").await {
            Some(name) => Some(name),
            None => parts.extract_with_state::<Query<Which>, _>(state).await?.0.session,
        };
        match name.as_deref() {
            None | Some(ACTIVE) => {
                let id = caller.backend.active_session(&caller.visitor).await?;
                if let Some(location) = parts.extensions.get::<Location>() {
                    location.is(id);
                }
                Ok(Self { id, by_id: false })
            }
            Some(id) => Ok(Self { id: id.parse()?, by_id: true }),
        }
    }
}

/// Another id of the path, `{sid}`: of a snapshot, a restore, a sign-in.
pub(super) struct Sub<T>(pub(super) T);

impl<T: FromStr> FromRequestParts<AppState> for Sub<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        // One spelling per id: a UUID may be written in others too.
        let id = segment(parts, "sid").await.filter(|id| id.len() == 36);
        let id = id.and_then(|id| id.parse().ok()).ok_or(Error::InvalidId)?;
        Ok(Self(id))
    }
}

pub(super) async fn segment(parts: &mut Parts, name: &str) -> Option<String> {
    let Path(all) = parts.extract::<Path<Vec<(String, String)>>>().await.ok()?;
    all.into_iter().find_map(|(key, value)| (key == name).then_some(value))
}
