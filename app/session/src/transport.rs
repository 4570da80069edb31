//! How the session layer reaches a server: a trait, so that a page brings its own.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use holdfast_domain::Error;
use holdfast_domain::event::Watched;
use holdfast_domain::id::{JobId, RestoreId, SessionId, SnapshotId};
use holdfast_domain::job::{JobParams, JobStep, JobSummary};
use holdfast_domain::session::{SessionState, SessionSummary, Step};
use holdfast_domain::snapshot::{Preview, Restored, SnapshotSummary, Undone};
use holdfast_domain::sync::TransportError;
use holdfast_domain::wire::{SaveReply, SaveRequest};
use leptos::prelude::*;
use serde_json::Value;
use uuid::Uuid;

/// The answer of a transport, in the browser's one thread.
pub type Answer<T, E = Error> = Pin<Box<dyn Future<Output = Result<T, E>>>>;

/// A way to the server. Server functions in Holdfast's own page; anything else that keeps the same
/// promises elsewhere. A method that cannot reach the server answers [`Error::Unavailable`].
pub trait Transport: Send + Sync {
    /// Saves and pulls; the one that must be exactly-once (SYNC-1).
    fn exchange(&self, request: SaveRequest) -> Answer<SaveReply, TransportError>;

    /// As [`Transport::exchange`] for a page that is being hidden or left: the request must be sent
    /// before this returns, with `keepalive`, and must not be aborted when the answer is dropped.
    fn exchange_leaving(&self, request: &SaveRequest) -> Answer<SaveReply, TransportError>;

    /// The account's sessions.
    fn sessions(&self) -> Answer<Vec<SessionSummary>>;

    /// One session, without its content; [`Error::NotFound`] also for another account's, [`Error::Gone`] for
    /// one that was deleted.
    fn session(&self, session: SessionId) -> Answer<SessionSummary>;

    /// Renames a session.
    fn rename(&self, session: SessionId, name: String) -> Answer<()>;

    /// Takes a session a step on in its life; the state it is in then.
    fn step(&self, session: SessionId, step: Step) -> Answer<SessionState>;

    /// Links a mission to a session.
    fn link_mission(&self, session: SessionId, mission: Uuid) -> Answer<()>;

    /// Writes a value into all of the account's own active sessions (SYNC-4); how many there were.
    fn share(&self, key: String, value: Value) -> Answer<u32>;

    /// Where what happens in these sessions is streamed, as server-sent events whose data are
    /// [`SessionEvent`](holdfast_domain::event::SessionEvent)s in JSON and whose names are their kinds. `None`: it is not,
    /// now; tabs and devices then hear of each other's changes by the interval.
    fn events_url(&self, watched: &[Watched]) -> Option<String> {
        let _ = watched;
        None
    }

    /// The jobs of a session, the newest first, at most 200.
    fn jobs(&self, session: SessionId) -> Answer<Vec<JobSummary>>;

    /// Asks for a job; asking again with its id changes nothing.
    fn start_job(&self, session: SessionId, id: JobId, params: JobParams) -> Answer<JobSummary>;

    /// Takes a job a step on.
    fn step_job(&self, id: JobId, step: JobStep) -> Answer<JobSummary>;

    /// Removes a job that has come to its end.
    fn remove_job(&self, id: JobId) -> Answer<()>;

    /// The snapshots of a session, newest first.
    fn snapshots(&self, session: SessionId) -> Answer<Vec<SnapshotSummary>>;

    /// What restoring a snapshot would change.
    fn preview(&self, session: SessionId, snapshot: SnapshotId) -> Answer<Preview>;

    /// Restores a snapshot; the changes arrive by sync.
    fn restore(&self, session: SessionId, snapshot: SnapshotId) -> Answer<Restored>;

    /// Undoes a restore; see [`Undone`] for what `confirmed` is.
    fn undo_restore(
        &self,
        session: SessionId,
        restore: RestoreId,
        confirmed: bool,
    ) -> Answer<Undone>;

    /// Keeps a snapshot beyond its time, or no longer.
    fn pin(&self, session: SessionId, snapshot: SnapshotId, pinned: bool) -> Answer<()>;

    /// Deletes a snapshot.
    fn delete_snapshot(&self, session: SessionId, snapshot: SnapshotId) -> Answer<()>;

    /// Has the browser throw away what it keeps of this site but its cookies: an answer with the header
    /// `Clear-Site-Data: "storage"`, which the browser obeys before it gives the answer.
    fn renew_storage(&self) -> Answer<()>;
}

/// The transport in Leptos' context; on the server nobody takes it.
#[derive(Clone)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
pub(crate) struct SharedTransport(pub(crate) Arc<dyn Transport>);

/// Gives all sessions below this component their way to the server. Without it sessions live on
/// this device only.
pub fn provide_transport(transport: Arc<dyn Transport>) {
    provide_context(SharedTransport(transport));
}
