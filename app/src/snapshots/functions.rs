//! The server functions of snapshots. A browser takes its own snapshots with a save, in order with its
//! edits; `create_snapshot` is for callers that have none.

use holdfast_domain::id::{RestoreId, SessionId, SnapshotId};
use holdfast_domain::snapshot::{Preview, Restored, SnapshotRequest, SnapshotSummary, Undone};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::Fault;
use crate::on_page::OnPage;

/// Takes a snapshot of what the server has now; asking twice with one id makes one.
///
/// # Errors
/// `InvalidValue`, `NotFound`, `StorageFull`, `Unavailable`.
#[server(endpoint = "create_snapshot", input = Json, output = Json, client = OnPage)]
pub async fn create_snapshot(
    /// The session.
    session: SessionId,
    /// Its id and name.
    request: SnapshotRequest,
) -> Result<SnapshotSummary, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.create_snapshot(&visitor, session, request).await?)
}

/// The session's snapshots, newest first.
///
/// # Errors
/// `NotFound`, `Unavailable`.
#[server(endpoint = "list_snapshots", input = Json, output = Json, client = OnPage)]
pub async fn list_snapshots(
    /// The session.
    session: SessionId,
) -> Result<Vec<SnapshotSummary>, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.list_snapshots(&visitor, session).await?)
}

/// What restoring a snapshot would change.
///
/// # Errors
/// `NotFound`, `Damaged`, `Unavailable`.
#[server(endpoint = "preview_snapshot", input = Json, output = Json, client = OnPage)]
pub async fn preview_snapshot(
    /// The session.
    session: SessionId,
    /// One of its snapshots.
    snapshot: SnapshotId,
) -> Result<Preview, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.preview_snapshot(&visitor, session, snapshot).await?)
}

/// Restores a snapshot; the changes reach every tab and device by sync.
///
/// # Errors
/// `NotFound`, `Damaged`, `StorageFull`, `Unavailable`.
#[server(endpoint = "restore_snapshot", input = Json, output = Json, client = OnPage)]
pub async fn restore_snapshot(
    /// The session.
    session: SessionId,
    /// One of its snapshots.
    snapshot: SnapshotId,
) -> Result<Restored, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.restore_snapshot(&visitor, session, snapshot).await?)
}

/// Undoes a restore; see [`Undone`] for what `confirmed` is.
///
/// # Errors
/// `NotFound`, `Conflict`, `StorageFull`, `Unavailable`.
#[server(endpoint = "undo_restore", input = Json, output = Json, client = OnPage)]
pub async fn undo_restore(
    /// The session.
    session: SessionId,
    /// What [`restore_snapshot`] answered.
    restore: RestoreId,
    /// Undo also if that leaves values which changed since as they are.
    confirmed: bool,
) -> Result<Undone, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.undo_restore(&visitor, session, restore, confirmed).await?)
}

/// Keeps a snapshot beyond its 30 days, or no longer.
///
/// # Errors
/// `NotFound`, `StorageFull`, `Unavailable`.
#[server(endpoint = "pin_snapshot", input = Json, output = Json, client = OnPage)]
pub async fn pin_snapshot(
    /// The session.
    session: SessionId,
    /// One of its snapshots.
    snapshot: SnapshotId,
    /// Whether it is kept.
    pinned: bool,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    backend.pin_snapshot(&visitor, session, snapshot, pinned).await?;
    Ok(())
}

/// Deletes a snapshot.
///
/// # Errors
/// `NotFound`, `StorageFull`, `Unavailable`.
#[server(endpoint = "delete_snapshot", input = Json, output = Json, client = OnPage)]
pub async fn delete_snapshot(
    /// The session.
    session: SessionId,
    /// One of its snapshots.
    snapshot: SnapshotId,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.delete_snapshot(&visitor, session, snapshot).await?)
}
