//! Each call of the transport is a server function.

use std::pin::Pin;

use holdfast_domain::event::Watched;
use holdfast_domain::id::{JobId, RestoreId, SessionId, SnapshotId};
use holdfast_domain::job::{JobParams, JobStep, JobSummary};
use holdfast_domain::session::{SessionState, SessionSummary, Step};
use holdfast_domain::snapshot::{Preview, Restored, SnapshotSummary, Undone};
use holdfast_domain::sync::TransportError;
use holdfast_domain::wire::{SaveReply, SaveRequest};
use holdfast_session::{Answer, Transport};
use serde_json::Value;
use uuid::Uuid;

use crate::{Fault, context, jobs, sessions, shared, snapshots, storage};

/// Reaches the server that this page came from.
pub(crate) struct ServerFunctions;

/// The answer of a call, with its fault in the words of whoever asked.
fn answer<T: 'static, E: From<Fault> + 'static>(
    call: impl Future<Output = Result<T, Fault>> + 'static,
) -> Answer<T, E> {
    Box::pin(async move { Ok(call.await?) }) as Pin<Box<_>>
}

impl Transport for ServerFunctions {
    fn exchange(&self, request: SaveRequest) -> Answer<SaveReply, TransportError> {
        answer(context::save_context(request))
    }

    #[cfg(feature = "hydrate")]
    fn exchange_leaving(&self, request: &SaveRequest) -> Answer<SaveReply, TransportError> {
        answer(super::leaving::save_leaving(request))
    }

    /// No page is left on the server.
    #[cfg(not(feature = "hydrate"))]
    fn exchange_leaving(&self, request: &SaveRequest) -> Answer<SaveReply, TransportError> {
        self.exchange(request.clone())
    }

    fn sessions(&self) -> Answer<Vec<SessionSummary>> {
        answer(sessions::list_sessions())
    }

    fn session(&self, session: SessionId) -> Answer<SessionSummary> {
        answer(sessions::find_session(session))
    }

    fn rename(&self, session: SessionId, name: String) -> Answer<()> {
        answer(sessions::rename_session(session, name))
    }

    fn step(&self, session: SessionId, step: Step) -> Answer<SessionState> {
        answer(sessions::step_session(session, step))
    }

    fn link_mission(&self, session: SessionId, mission: Uuid) -> Answer<()> {
        answer(sessions::link_mission(session, mission))
    }

    fn share(&self, key: String, value: Value) -> Answer<u32> {
        answer(shared::share_context(key, value))
    }

    fn jobs(&self, session: SessionId) -> Answer<Vec<JobSummary>> {
        answer(jobs::list_jobs(session))
    }

    fn start_job(&self, session: SessionId, id: JobId, params: JobParams) -> Answer<JobSummary> {
        answer(jobs::start_job(session, id, params))
    }

    fn step_job(&self, id: JobId, step: JobStep) -> Answer<JobSummary> {
        answer(jobs::step_job(id, step))
    }

    fn remove_job(&self, id: JobId) -> Answer<()> {
        answer(jobs::remove_job(id))
    }

    fn events_url(&self, watched: &[Watched]) -> Option<String> {
        #[cfg(feature = "hydrate")]
        if crate::developer::is_cut() {
            return None;
        }
        let watched: Vec<String> = watched.iter().map(ToString::to_string).collect();
        Some(format!("/api/events?sessions={}", watched.join(",")))
    }

    fn snapshots(&self, session: SessionId) -> Answer<Vec<SnapshotSummary>> {
        answer(snapshots::list_snapshots(session))
    }

    fn preview(&self, session: SessionId, snapshot: SnapshotId) -> Answer<Preview> {
        answer(snapshots::preview_snapshot(session, snapshot))
    }

    fn restore(&self, session: SessionId, snapshot: SnapshotId) -> Answer<Restored> {
        answer(snapshots::restore_snapshot(session, snapshot))
    }

    fn undo_restore(
        &self,
        session: SessionId,
        restore: RestoreId,
        confirmed: bool,
    ) -> Answer<Undone> {
        answer(snapshots::undo_restore(session, restore, confirmed))
    }

    fn pin(&self, session: SessionId, snapshot: SnapshotId, pinned: bool) -> Answer<()> {
        answer(snapshots::pin_snapshot(session, snapshot, pinned))
    }

    fn delete_snapshot(&self, session: SessionId, snapshot: SnapshotId) -> Answer<()> {
        answer(snapshots::delete_snapshot(session, snapshot))
    }

    fn renew_storage(&self) -> Answer<()> {
        answer(storage::renew_storage())
    }
}
