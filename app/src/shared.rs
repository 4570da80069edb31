//! The server function that shares a value with all of an account's sessions.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde_json::Value;

use crate::Fault;
use crate::on_page::OnPage;

/// Writes a value into all of the visitor's own active sessions, and into those created later (SYNC-4);
/// how many there were.
///
/// # Errors
/// `InvalidValue`, `LimitExceeded`, `StorageFull`, `Unavailable`.
#[server(endpoint = "share_context", input = Json, output = Json, client = OnPage)]
pub async fn share_context(
    /// A key of the context.
    key: String,
    /// Any JSON; `null` takes it away.
    value: Value,
) -> Result<u32, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.share(&visitor, &key, value).await?)
}
