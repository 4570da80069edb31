//! The server functions that carry a session's context.

use holdfast_domain::id::SessionId;
use holdfast_domain::wire::{News, SaveReply, SaveRequest};
use leptos::prelude::*;

use crate::Fault;
use crate::envelope::Envelope;
use crate::on_page::OnPage;

/// Saves what the client has and answers with what it has not; acknowledged after the commit (SYNC-1).
///
/// # Errors
/// `NotFound`, `UnsupportedVersion`, `Malformed`, `LimitExceeded`, `StorageFull`, `Unavailable`. An item
/// that is refused for itself is told in the reply.
#[server(endpoint = "save_context", input = Envelope, output = Envelope, client = OnPage)]
pub async fn save_context(
    /// What to save and what is there already.
    request: SaveRequest,
) -> Result<SaveReply, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.save(&visitor, request).await?)
}

/// The whole of a session's context, as the first of the answers that a client with nothing gets.
///
/// # Errors
/// `NotFound`, `UnsupportedVersion`, `Malformed`, `Unavailable`.
#[server(endpoint = "load_context", input = Envelope, output = Envelope, client = OnPage)]
pub async fn load_context(
    /// The session.
    session: SessionId,
) -> Result<News, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.load(&visitor, session).await?)
}
