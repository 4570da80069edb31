//! The server functions of sessions.

use holdfast_domain::id::SessionId;
use holdfast_domain::session::{GoneSession, SessionState, SessionSummary, Step};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use uuid::Uuid;

use crate::Fault;
use crate::on_page::OnPage;

/// The visitor's sessions, most recently used first.
///
/// # Errors
/// `NotSignedIn`, `Unavailable`.
#[server(endpoint = "list_sessions", input = Json, output = Json, client = OnPage)]
pub async fn list_sessions() -> Result<Vec<SessionSummary>, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.list_sessions(&visitor).await?)
}

/// One session, without its content.
///
/// # Errors
/// `NotFound`, `Gone`, `Unavailable`.
#[server(endpoint = "find_session", input = Json, output = Json, client = OnPage)]
pub async fn find_session(
    /// The session.
    session: SessionId,
) -> Result<SessionSummary, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.session(&visitor, session).await?)
}

/// Gives a session another name.
///
/// # Errors
/// `InvalidValue`, `NotFound`, `StorageFull`, `Unavailable`.
#[server(endpoint = "rename_session", input = Json, output = Json, client = OnPage)]
pub async fn rename_session(
    /// The session.
    session: SessionId,
    /// 1 to 255 characters.
    name: String,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    backend.rename_session(&visitor, session, &name).await?;
    Ok(())
}

/// Notes that a person uses the session now.
///
/// # Errors
/// `NotFound`, `StorageFull`, `Unavailable`.
#[server(endpoint = "touch_session", input = Json, output = Json, client = OnPage)]
pub async fn touch_session(
    /// The session.
    session: SessionId,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.touch_session(&visitor, session).await?)
}

/// Takes a session a step on in its life; the state it is in then.
///
/// # Errors
/// `NotFound`, `Archived`, `Conflict`, `Gone`, `StorageFull`, `Unavailable`.
#[server(endpoint = "step_session", input = Json, output = Json, client = OnPage)]
pub async fn step_session(
    /// The session.
    session: SessionId,
    /// What is done with it.
    step: Step,
) -> Result<SessionState, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.step_session(&visitor, session, step).await?)
}

/// The visitor's sessions that were deleted and can still be brought back, last deleted first.
///
/// # Errors
/// `NotSignedIn`, `Unavailable`.
#[server(endpoint = "gone_sessions", input = Json, output = Json, client = OnPage)]
pub async fn gone_sessions() -> Result<Vec<GoneSession>, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.gone_sessions(&visitor).await?)
}

/// Makes a copy of a session: its context as it is.
///
/// # Errors
/// `NotFound`, `Gone`, `StorageFull`, `Unavailable`.
#[server(endpoint = "duplicate_session", input = Json, output = Json, client = OnPage)]
pub async fn duplicate_session(
    /// The session.
    session: SessionId,
) -> Result<SessionSummary, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    let copy = backend.new_session_id();
    Ok(backend.duplicate(&visitor, session, copy, None).await?)
}

/// Links a mission to a session.
///
/// # Errors
/// `NotFound`, `StorageFull`, `Unavailable`.
#[server(endpoint = "link_mission", input = Json, output = Json, client = OnPage)]
pub async fn link_mission(
    /// The session.
    session: SessionId,
    /// The mission.
    mission: Uuid,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.link_mission(&visitor, session, mission).await?)
}
