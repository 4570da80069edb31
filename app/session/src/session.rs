//! The session as a page uses it.

use holdfast_domain::context::Path;
use holdfast_domain::id::{AccountId, JobId, RestoreId, SessionId, SnapshotId, TabId};
use holdfast_domain::job::{JobParams, JobStep, JobSummary};
use holdfast_domain::session::{SessionState, SessionSummary, Step};
use holdfast_domain::snapshot::{Preview, Restored, SnapshotSummary, Undone};
use holdfast_domain::sync::{SaveStatus, StorageTier, TabInfo};
use holdfast_domain::{Error, Result};
use leptos::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::handle::Handle;
use crate::signals::Signals;
use crate::{Change, CreatedAgain, Notice, ResetUndo, SessionOptions};

/// The one session of a page: what it is, as signals, and what can be done with it.
#[derive(Clone, Copy)]
pub struct UseSession {
    /// Which session is open; `None` until that is known.
    pub id: Signal<Option<SessionId>>,
    /// Its name; empty until that is known.
    pub name: Signal<String>,
    /// Where it is in its life.
    pub state: Signal<SessionState>,
    /// Whether the journal is still being read.
    pub loading: Signal<bool>,
    /// The last thing that could not be done, until another session is shown.
    pub error: Signal<Option<Error>>,
    /// What the person should be told once.
    pub notice: Signal<Option<Notice>>,
    /// What the indicator shows.
    pub status: Signal<SaveStatus>,
    /// Where the journal is kept.
    pub tier: Signal<StorageTier>,
    /// Whether this tab speaks with the server for all tabs of the browser.
    pub leads: Signal<bool>,
    /// This page load; `None` until the page runs.
    pub tab: Signal<Option<TabId>>,
    /// The open tabs of this session in this browser, this one included.
    pub tabs: Signal<Vec<TabInfo>>,
    /// The whole context as JSON; computed only while somebody reads it.
    pub context: Signal<Value>,
    /// Whether there is something to undo.
    pub can_undo: Signal<bool>,
    /// Whether there is something to do again.
    pub can_redo: Signal<bool>,
    /// The sessions of this device and of the account, most recently used first.
    pub sessions: Signal<Vec<SessionSummary>>,
    /// The session's snapshots, newest first, with those that still wait in the journal.
    pub snapshots: Signal<Vec<SnapshotSummary>>,
    /// Those of them that the server does not have yet.
    pub waiting_snapshots: Signal<Vec<SnapshotId>>,
    /// Whether the server told its snapshots when it was last asked; `None`: not answered yet.
    pub snapshots_read: Signal<Option<Result<()>>>,
    /// The session's jobs, the newest first, at most 200; they change as the work goes on.
    pub jobs: Signal<Vec<JobSummary>>,
    /// Whether the server told its jobs when it was last asked; `None`: not answered yet.
    pub jobs_read: Signal<Option<Result<()>>>,
    pub(crate) handle: Handle,
}

/// Creates the session of this page and gives it to the components below.
pub fn provide_session(options: SessionOptions) -> UseSession {
    let session = UseSession::start(options);
    provide_context(session);
    session
}

/// The session of this page; creates it where there is none yet (then `options` count).
pub fn use_session(options: SessionOptions) -> UseSession {
    use_context::<UseSession>().unwrap_or_else(|| provide_session(options))
}

impl UseSession {
    fn start(options: SessionOptions) -> Self {
        let signals = Signals::new(&options);
        let handle = Handle::start(options, signals);
        // The version tells whether it changed; comparing whole contexts would not be cheaper.
        let context = Memo::new_with_compare(
            move |_| {
                signals.version.track();
                handle.to_json()
            },
            |_, _| true,
        );
        Self {
            id: signals.id.into(),
            name: signals.name.into(),
            state: signals.state.into(),
            loading: signals.loading.into(),
            error: signals.error.into(),
            notice: signals.notice.into(),
            status: signals.status.into(),
            tier: signals.tier.into(),
            leads: signals.leads.into(),
            tab: signals.tab.into(),
            tabs: signals.tabs.into(),
            context: context.into(),
            can_undo: signals.can_undo.into(),
            can_redo: signals.can_redo.into(),
            sessions: signals.sessions.into(),
            snapshots: signals.snapshots.into(),
            waiting_snapshots: signals.waiting_snapshots.into(),
            snapshots_read: signals.snapshots_read.into(),
            jobs: signals.jobs.into(),
            jobs_read: signals.jobs_read.into(),
            handle,
        }
    }

    /// Creates a session on this device and opens it; the server learns of it with the first edit.
    pub fn create(&self, name: Option<String>) -> SessionId {
        self.handle.create(name)
    }

    /// Opens a session. One that is neither here nor on the server is explained by a [`Notice`].
    pub fn open(&self, id: SessionId) {
        self.handle.open(id);
    }

    /// Opens another session at once; what waits in this one is sent on in the background.
    pub fn switch(&self, id: SessionId) {
        self.handle.open(id);
    }

    /// Asks the server for the lists of sessions and snapshots again.
    pub fn refresh(&self) {
        self.handle.refresh();
    }

    /// Asks the server for the session's jobs again.
    pub fn refresh_jobs(&self) {
        self.handle.refresh_jobs();
    }

    /// Asks for a job of the session; it is in the list when this answers.
    ///
    /// # Errors
    /// What the server answers; `Unavailable` where it cannot be reached.
    pub async fn start_job(&self, params: JobParams) -> Result<JobId> {
        self.handle.start_job(params).await
    }

    /// Takes a job a step on.
    ///
    /// # Errors
    /// `Conflict`: this cannot be done from where it is; what else the server answers; `Unavailable` where it cannot be
    /// reached.
    pub async fn step_job(&self, id: JobId, step: JobStep) -> Result<()> {
        self.handle.step_job(id, step).await
    }

    /// Removes a job that has come to its end.
    ///
    /// # Errors
    /// As [`UseSession::step_job`].
    pub async fn remove_job(&self, id: JobId) -> Result<()> {
        self.handle.remove_job(id).await
    }

    /// Renames the session, here at once and on the server when it can be reached.
    ///
    /// # Errors
    /// `InvalidValue` for a name that is empty or longer than 255 characters.
    pub fn rename(&self, name: &str) -> Result<()> {
        self.handle.rename(name)
    }

    /// Saves at once.
    pub fn save_now(&self) {
        self.handle.save_now();
    }

    /// Says that a person is there.
    pub fn touch(&self) {
        self.handle.touch();
    }

    /// Completes the session on the server.
    ///
    /// # Errors
    /// As [`UseSession::step`].
    pub async fn complete(&self) -> Result<()> {
        let id = self.id.get_untracked().ok_or(Error::Unavailable)?;
        self.step(id, Step::Complete).await.map(drop)
    }

    /// Takes a session, the open one or another, a step on in its life on the server, and says in which state
    /// it is then. Where the open one is deleted, the next choice is opened.
    ///
    /// # Errors
    /// What the server answers; `Unavailable` where it cannot be reached.
    pub async fn step(&self, session: SessionId, step: Step) -> Result<SessionState> {
        self.handle.step(session, step).await
    }

    /// Goes on with a copy that has everything this device has of the open session: for what was edited
    /// before this device knew that the session is archived or deleted. Again it is the same copy.
    ///
    /// # Errors
    /// `Conflict` where something on this device cannot be read now, `StorageFull`, `Unavailable`.
    pub async fn keep_copy(&self) -> Result<SessionId> {
        self.handle.keep_copy().await
    }

    /// Links a mission to the session on the server.
    ///
    /// # Errors
    /// What the server answers; `Unavailable` where it cannot be reached.
    pub async fn link_mission(&self, mission: Uuid) -> Result<()> {
        self.handle.link_mission(mission).await
    }

    /// Applies a JSON merge patch (RFC 7396) to the context.
    ///
    /// # Errors
    /// `InvalidValue`, `LimitExceeded`, `Archived`, `Gone`; then nothing changed. While loading it waits and answers `Ok`; what is
    /// refused then is told by [`UseSession::error`].
    pub fn update_context(&self, patch: &Value) -> Result<()> {
        self.handle.update_context(patch)
    }

    /// The value at a path, as a signal where it is read reactively.
    pub fn get(&self, path: &Path) -> Option<Value> {
        self.handle.get(path)
    }

    /// Puts a value at a path, whole.
    ///
    /// # Errors
    /// As [`UseSession::update_context`].
    pub fn set(&self, path: &Path, value: Value) -> Result<()> {
        self.handle.set(path, value)
    }

    /// Removes what is at a path.
    ///
    /// # Errors
    /// As [`UseSession::update_context`].
    pub fn remove(&self, path: &Path) -> Result<()> {
        self.handle.remove(path)
    }

    /// Clears the context, as ordinary edits. A snapshot of how it was is taken in any case, as the person's own with
    /// `snapshot_first`, else as an automatic one.
    ///
    /// # Errors
    /// `Conflict` while loading, `Unavailable` before it is known which session opens.
    pub fn reset(&self, snapshot_first: bool) -> Result<ResetUndo> {
        self.handle.reset(snapshot_first)
    }

    /// Puts back what a reset cleared, wherever nothing was written since.
    ///
    /// # Errors
    /// `Conflict` where another session is open now.
    #[expect(clippy::needless_pass_by_value, reason = "an undo is used up")]
    pub fn undo_reset(&self, undo: ResetUndo) -> Result<()> {
        self.handle.undo_reset(&undo)
    }

    /// Undoes this tab's last edit.
    pub fn undo(&self) {
        self.handle.undo();
    }

    /// Does again what was undone.
    pub fn redo(&self) {
        self.handle.redo();
    }

    /// Writes a value into all of the account's own active sessions; how many there were.
    ///
    /// # Errors
    /// What the server answers; `Unavailable` where it cannot be reached.
    pub async fn share_context(&self, key: &str, value: Value) -> Result<u32> {
        self.handle.share_context(key, value).await
    }

    /// Takes a snapshot of everything edited before. Immediate, also offline.
    pub fn create_snapshot(&self, name: Option<String>) -> SnapshotId {
        self.handle.create_snapshot(name)
    }

    /// What restoring a snapshot would change.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` where the server cannot be reached.
    pub async fn preview_snapshot(&self, id: SnapshotId) -> Result<Preview> {
        self.handle.preview_snapshot(id).await
    }

    /// Restores a snapshot on every tab and device.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` where the server cannot be reached.
    pub async fn restore_snapshot(&self, id: SnapshotId) -> Result<Restored> {
        self.handle.restore_snapshot(id).await
    }

    /// Undoes a restore; see [`Undone`].
    ///
    /// # Errors
    /// `NotFound`, `Conflict`; `Unavailable` where the server cannot be reached.
    pub async fn undo_restore(&self, id: RestoreId, confirmed: bool) -> Result<Undone> {
        self.handle.undo_restore(id, confirmed).await
    }

    /// Keeps a snapshot beyond its 30 days, or no longer.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` where the server cannot be reached.
    pub async fn pin_snapshot(&self, id: SnapshotId, pinned: bool) -> Result<()> {
        self.handle.pin_snapshot(id, pinned).await
    }

    /// Deletes a snapshot.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` where the server cannot be reached.
    pub async fn delete_snapshot(&self, id: SnapshotId) -> Result<()> {
        self.handle.delete_snapshot(id).await
    }

    /// Calls back after every change of the context, whoever made it, until the component that
    /// asked is gone.
    pub fn on_change(&self, callback: impl Fn(&Change) + 'static) {
        self.handle.on_change(Box::new(callback));
    }

    /// Tells the other tabs which page this one shows.
    pub fn set_place(&self, place: &str) {
        self.handle.set_place(place);
    }

    /// Tells the other tabs which field has the caret.
    pub fn set_editing(&self, path: Option<&Path>) {
        self.handle.set_editing(path);
    }

    /// Names this tab.
    pub fn set_label(&self, label: &str) {
        self.handle.set_label(label);
    }

    /// After [`Notice::LostOnServer`]: creates the sessions on the server again, with everything that
    /// this device has of them. One that belongs to an account there, of which this browser lost the
    /// sign-in, goes on as a copy with an id of its own; the page then shows that one.
    ///
    /// # Errors
    /// What the server answers; `Unavailable` where it cannot be reached; `Conflict` where something on
    /// this device cannot be read now. What was created before stays.
    pub async fn create_again(&self) -> Result<CreatedAgain> {
        self.handle.create_again().await
    }

    /// Has the browser throw away what it keeps of this site, on this device only, where its database does
    /// not open: it can make a new one then. Everything that waits is saved before. The page is to be loaded
    /// again afterwards; without that it goes on in memory.
    ///
    /// # Errors
    /// `Conflict` where the database works or something still waits for the server; `Unavailable` where that
    /// cannot be reached. Then nothing was thrown away.
    pub async fn renew_storage(&self) -> Result<()> {
        self.handle.renew_storage().await
    }

    /// Saves all that this device keeps for whoever the page is of, of all sessions, and waits until the server has
    /// it, some seconds at most; whether it has. Until then nothing of it should be forgotten.
    pub async fn flush(&self) -> bool {
        self.handle.flush().await
    }

    /// What this device keeps of the guest is the account's from now on, and the next guest begins with nothing.
    /// Where the device keeps something of the account already, both stay what they are. The page is to be loaded
    /// again.
    pub fn give_to(&self, account: AccountId) {
        self.handle.give_to(account);
    }

    /// With `true` all that this device keeps for whoever the page is of goes when a page of somebody else is
    /// loaded; with `false` it stays after all.
    pub fn forget(&self, forget: bool) {
        self.handle.forget(forget);
    }

    /// Takes the notice away.
    pub fn dismiss_notice(&self) {
        self.handle.dismiss_notice();
    }
}
