//! The server functions of the preferences.

use holdfast_domain::shared::Preferences;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::Fault;
use crate::on_page::OnPage;

/// What the visitor prefers; the defaults where nothing was ever chosen.
///
/// # Errors
/// `NotSignedIn`, `Unavailable`.
#[server(endpoint = "load_preferences", input = Json, output = Json, client = OnPage)]
pub async fn load_preferences() -> Result<Preferences, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.preferences(&visitor).await?)
}

/// Keeps what the visitor prefers.
///
/// # Errors
/// `NotSignedIn`, `StorageFull`, `Unavailable`.
#[server(endpoint = "set_preferences", input = Json, output = Json, client = OnPage)]
pub async fn set_preferences(
    /// All of it.
    preferences: Preferences,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.set_preferences(&visitor, &preferences).await?)
}
