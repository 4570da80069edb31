//! The server's side: a page is rendered before any session runs, so nothing can be done yet.

use holdfast_domain::context::Path;
use holdfast_domain::id::{AccountId, JobId, RestoreId, SessionId, SnapshotId};
use holdfast_domain::job::{JobParams, JobStep};
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::snapshot::{Preview, Restored, Undone};
use holdfast_domain::{Error, Result};
use leptos::html::{Input, Textarea};
use leptos::prelude::NodeRef;
use serde_json::Value;
use uuid::Uuid;

use crate::developer::Kept;
use crate::signals::Signals;
use crate::{Change, CreatedAgain, ResetUndo, SessionOptions};

/// Nothing runs on the server.
#[derive(Clone, Copy)]
pub(crate) struct Handle;

impl Handle {
    pub(crate) fn start(_options: SessionOptions, _signals: Signals) -> Self {
        Self
    }

    pub(crate) fn close_channel(self) {}

    pub(crate) async fn inspect_journal(self) -> Result<Vec<Kept>> {
        Err(Error::Unavailable)
    }

    pub(crate) fn to_json(self) -> Value {
        Value::Object(serde_json::Map::new())
    }

    pub(crate) fn create(self, _name: Option<String>) -> SessionId {
        SessionId::from(Uuid::nil())
    }

    pub(crate) fn open(self, _id: SessionId) {}

    pub(crate) fn refresh(self) {}

    pub(crate) fn refresh_jobs(self) {}

    pub(crate) async fn start_job(self, _params: JobParams) -> Result<JobId> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn step_job(self, _id: JobId, _step: JobStep) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn remove_job(self, _id: JobId) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) fn rename(self, _name: &str) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) fn save_now(self) {}

    pub(crate) fn touch(self) {}

    pub(crate) async fn step(self, _id: SessionId, _step: Step) -> Result<SessionState> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn keep_copy(self) -> Result<SessionId> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn link_mission(self, _mission: Uuid) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) fn update_context(self, _patch: &Value) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) fn get(self, _path: &Path) -> Option<Value> {
        None
    }

    pub(crate) fn set(self, _path: &Path, _value: Value) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) fn remove(self, _path: &Path) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) fn reset(self, _snapshot_first: bool) -> Result<ResetUndo> {
        Err(Error::Unavailable)
    }

    pub(crate) fn undo_reset(self, _undo: &ResetUndo) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) fn undo(self) {}

    pub(crate) fn redo(self) {}

    pub(crate) async fn share_context(self, _key: &str, _value: Value) -> Result<u32> {
        Err(Error::Unavailable)
    }

    pub(crate) fn create_snapshot(self, _name: Option<String>) -> SnapshotId {
        SnapshotId::from(Uuid::nil())
    }

    pub(crate) async fn preview_snapshot(self, _id: SnapshotId) -> Result<Preview> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn restore_snapshot(self, _id: SnapshotId) -> Result<Restored> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn undo_restore(self, _id: RestoreId, _confirmed: bool) -> Result<Undone> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn pin_snapshot(self, _id: SnapshotId, _pinned: bool) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn delete_snapshot(self, _id: SnapshotId) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) fn on_change(self, _callback: Box<dyn Fn(&Change)>) {}

    pub(crate) fn set_place(self, _place: &str) {}

    pub(crate) fn set_editing(self, _path: Option<&Path>) {}

    pub(crate) fn set_label(self, _label: &str) {}

    pub(crate) async fn create_again(self) -> Result<CreatedAgain> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn renew_storage(self) -> Result<()> {
        Err(Error::Unavailable)
    }

    pub(crate) async fn flush(self) -> bool {
        false
    }

    pub(crate) fn give_to(self, _account: AccountId) {}

    pub(crate) fn forget(self, _forget: bool) {}

    pub(crate) fn dismiss_notice(self) {}

    pub(crate) fn fail(self, _error: Error) {}

    pub(crate) fn view(self, _key: &str) -> Option<Value> {
        None
    }

    pub(crate) fn set_view(self, _key: &str, _value: Value) {}

    pub(crate) fn attach_area(self, _path: Path, _node: NodeRef<Textarea>) {}

    pub(crate) fn attach_input(self, _path: Path, _node: NodeRef<Input>) {}
}
