//! Places that people may work with (JOB-7).

use axum::Json;
use holdfast_domain::location::{FolderListing, LocationSummary};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::problem::Answer;
use super::query::Query;
use crate::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(folder))
}

/// Which folder.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The location's name.
    location: String,
    /// A folder in it, names with `/` between them; without it all of it.
    #[serde(default)]
    path: String,
}

/// The locations that the caller may use, by name.
#[utoipa::path(
    get, path = "/api/locations", tag = "jobs",
    responses((status = OK, body = Vec<LocationSummary>))
)]
async fn list(caller: Caller) -> Answer<Json<Vec<LocationSummary>>> {
    Ok(Json(caller.backend.locations(&caller.visitor).await?))
}

/// What is in a folder of a location.
#[utoipa::path(
    get, path = "/api/locations/folder", tag = "jobs", params(Wanted),
    responses((status = OK, body = FolderListing))
)]
async fn folder(caller: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<FolderListing>> {
    let (location, path) = (&wanted.location, &wanted.path);
    Ok(Json(caller.backend.list_folder(&caller.visitor, location, path).await?))
}
