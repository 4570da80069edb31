//! The server function of statistics.

use holdfast_domain::statistics::{Statistics, StatisticsQuery};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::Fault;
use crate::on_page::OnPage;

/// What the person did on some days, and what they have.
///
/// # Errors
/// `InvalidValue`, `LimitExceeded`, `NotSignedIn`, `Unavailable`.
#[server(endpoint = "read_statistics", input = Json, output = Json, client = OnPage)]
pub async fn read_statistics(
    /// Which days.
    query: StatisticsQuery,
) -> Result<Statistics, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.statistics(&visitor, &query).await?)
}
