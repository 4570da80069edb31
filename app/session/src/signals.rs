//! The signals behind [`crate::UseSession`], as the browser's shell writes them.

use holdfast_domain::id::{SessionId, SnapshotId, TabId};
use holdfast_domain::job::JobSummary;
use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_domain::sync::{SaveStatus, StorageTier, TabInfo};
use holdfast_domain::{Error, Result};
use leptos::prelude::*;

use crate::{Notice, SessionOptions};

/// Written only by the handle of the session; everybody else reads.
#[derive(Clone, Copy)]
pub(crate) struct Signals {
    pub(crate) id: RwSignal<Option<SessionId>>,
    pub(crate) name: RwSignal<String>,
    pub(crate) state: RwSignal<SessionState>,
    pub(crate) loading: RwSignal<bool>,
    pub(crate) error: RwSignal<Option<Error>>,
    pub(crate) notice: RwSignal<Option<Notice>>,
    pub(crate) status: RwSignal<SaveStatus>,
    pub(crate) tier: RwSignal<StorageTier>,
    pub(crate) leads: RwSignal<bool>,
    pub(crate) tab: RwSignal<Option<TabId>>,
    pub(crate) tabs: RwSignal<Vec<TabInfo>>,
    pub(crate) can_undo: RwSignal<bool>,
    pub(crate) can_redo: RwSignal<bool>,
    pub(crate) sessions: RwSignal<Vec<SessionSummary>>,
    pub(crate) snapshots: RwSignal<Vec<SnapshotSummary>>,
    pub(crate) waiting_snapshots: RwSignal<Vec<SnapshotId>>,
    pub(crate) snapshots_read: RwSignal<Option<Result<()>>>,
    pub(crate) jobs: RwSignal<Vec<JobSummary>>,
    pub(crate) jobs_read: RwSignal<Option<Result<()>>>,
    /// Grows with every change of the context.
    pub(crate) version: RwSignal<u64>,
}

impl Signals {
    /// What the server renders and the browser hydrates from: nothing is read yet.
    pub(crate) fn new(options: &SessionOptions) -> Self {
        Self {
            id: RwSignal::new(options.session),
            name: RwSignal::new(String::new()),
            state: RwSignal::new(SessionState::default()),
            loading: RwSignal::new(true),
            error: RwSignal::new(None),
            notice: RwSignal::new(None),
            status: RwSignal::new(SaveStatus::Saved { at_ms: None }),
            tier: RwSignal::new(StorageTier::default()),
            leads: RwSignal::new(false),
            tab: RwSignal::new(None),
            tabs: RwSignal::new(Vec::new()),
            can_undo: RwSignal::new(false),
            can_redo: RwSignal::new(false),
            sessions: RwSignal::new(Vec::new()),
            snapshots: RwSignal::new(Vec::new()),
            waiting_snapshots: RwSignal::new(Vec::new()),
            snapshots_read: RwSignal::new(None),
            jobs: RwSignal::new(Vec::new()),
            jobs_read: RwSignal::new(None),
            version: RwSignal::new(0),
        }
    }
}
