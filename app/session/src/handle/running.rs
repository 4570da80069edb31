//! The browser's side: every call goes to the page's shell, for as long as that is there.

use std::rc::Rc;

use holdfast_domain::context::Path;
use holdfast_domain::id::{AccountId, JobId, RestoreId, SessionId, SnapshotId};
use holdfast_domain::job::{JobParams, JobStep};
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::snapshot::{Preview, Restored, Undone};
use holdfast_domain::sync::Event;
use holdfast_domain::{Error, Result};
use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde_json::Value;
use uuid::Uuid;

use crate::binding::{Field, bind};
use crate::browser::Browser;
use crate::developer::Kept;
use crate::live::Live;
use crate::sessions::LocalSession;
use crate::shell::{Shell, keep_label};
use crate::signals::Signals;
use crate::simulated;
use crate::{Change, CreatedAgain, ResetUndo, SessionOptions};

/// The page's shell, as a `Copy` handle.
#[derive(Clone, Copy)]
pub(crate) struct Handle(StoredValue<Rc<Shell>, LocalStorage>);

impl Handle {
    pub(crate) fn start(options: SessionOptions, signals: Signals) -> Self {
        let shell = Shell::start(options, signals);
        let ending = SendWrapper::new(shell.clone());
        on_cleanup(move || ending.end());
        Self(StoredValue::new_local(shell))
    }

    fn shell(self) -> Result<Rc<Shell>> {
        self.0.try_get_value().ok_or(Error::Unavailable)
    }

    fn live(self) -> Result<Rc<Live>> {
        self.shell()?.live().ok_or(Error::Unavailable)
    }

    /// Edits now, with the answer; or later, when the session is read.
    fn edit(self, edit: impl FnOnce(&Rc<Live>) -> Result<()> + 'static) -> Result<()> {
        let shell = self.shell()?;
        if let Some(live) = shell.live().filter(|live| live.is_ready()) {
            return edit(&live);
        }
        shell.edit(Box::new(move |live| {
            if let Err(error) = edit(live) {
                self.fail(error);
            }
        }));
        Ok(())
    }

    /// Shows an error of something that gave no answer.
    pub(crate) fn fail(self, error: Error) {
        if let Ok(shell) = self.shell() {
            shell.fail(error);
        }
    }

    pub(crate) fn close_channel(self) {
        simulated::close_channels();
        for live in self.shell().map(|shell| shell.lives()).unwrap_or_default() {
            live.close_channel();
        }
    }

    pub(crate) async fn inspect_journal(self) -> Result<Vec<Kept>> {
        let (shell, live) = (self.shell()?, self.live()?);
        Ok(shell.journal.inspect(live.id).await)
    }

    pub(crate) fn to_json(self) -> Value {
        let live = self.live().ok().filter(|live| live.is_ready());
        live.map_or_else(|| Value::Object(serde_json::Map::new()), |live| live.to_json())
    }

    pub(crate) fn create(self, name: Option<String>) -> SessionId {
        let Ok(shell) = self.shell() else { return SessionId::generate(&Browser) };
        let id = shell.make(name);
        shell.show_session(id);
        id
    }

    pub(crate) fn open(self, id: SessionId) {
        let Ok(shell) = self.shell() else { return };
        let id = shell.present(id);
        if shell.live().is_some_and(|live| live.id == id) {
            return;
        }
        let is_deleted = |local: LocalSession| local.summary.state == SessionState::Deleted;
        if shell.local(id).is_some_and(|local| !is_deleted(local)) {
            shell.show_session(id);
        } else {
            wasm_bindgen_futures::spawn_local(shell.find_and_open(id));
        }
    }

    pub(crate) fn refresh(self) {
        if let Ok(shell) = self.shell() {
            shell.refresh();
        }
    }

    pub(crate) fn refresh_jobs(self) {
        if let Ok(shell) = self.shell() {
            shell.refresh_jobs();
        }
    }

    pub(crate) async fn start_job(self, params: JobParams) -> Result<JobId> {
        self.shell()?.start_job(params).await
    }

    pub(crate) async fn step_job(self, id: JobId, step: JobStep) -> Result<()> {
        self.shell()?.step_job(id, step).await
    }

    pub(crate) async fn remove_job(self, id: JobId) -> Result<()> {
        self.shell()?.remove_job(id).await
    }

    pub(crate) fn rename(self, name: &str) -> Result<()> {
        let name = holdfast_domain::session::check_name(name)?;
        let (shell, live) = (self.shell()?, self.live()?);
        shell.change_local(live.id, |session| {
            session.rename_pending = true;
            session.summary.name.clone_from(&name);
        });
        live.feed(Event::Renamed(name));
        shell.send_rename(live.id);
        Ok(())
    }

    pub(crate) fn save_now(self) {
        for live in self.shell().map(|shell| shell.lives()).unwrap_or_default() {
            live.save_now();
        }
    }

    pub(crate) fn touch(self) {
        if let Ok(live) = self.live() {
            live.touch();
        }
    }

    pub(crate) async fn step(self, id: SessionId, step: Step) -> Result<SessionState> {
        self.shell()?.step(id, step).await
    }

    pub(crate) async fn keep_copy(self) -> Result<SessionId> {
        self.shell()?.keep_copy().await
    }

    pub(crate) async fn link_mission(self, mission: Uuid) -> Result<()> {
        self.shell()?.ask_after_saving(|transport, id| transport.link_mission(id, mission)).await
    }

    pub(crate) fn update_context(self, patch: &Value) -> Result<()> {
        let patch = patch.clone();
        self.edit(move |live| live.patch(&patch))
    }

    pub(crate) fn get(self, path: &Path) -> Option<Value> {
        let shell = self.shell().ok()?;
        shell.reactive.track(path);
        shell.live().filter(|live| live.is_ready())?.get(path)
    }

    pub(crate) fn set(self, path: &Path, value: Value) -> Result<()> {
        let path = path.clone();
        self.edit(move |live| live.set(&path, value))
    }

    pub(crate) fn remove(self, path: &Path) -> Result<()> {
        let path = path.clone();
        self.edit(move |live| live.remove(&path))
    }

    pub(crate) fn reset(self, snapshot_first: bool) -> Result<ResetUndo> {
        self.live()?.reset(snapshot_first)
    }

    pub(crate) fn undo_reset(self, undo: &ResetUndo) -> Result<()> {
        self.live()?.undo_reset(undo)
    }

    pub(crate) fn undo(self) {
        if let Ok(live) = self.live() {
            live.undo();
        }
    }

    pub(crate) fn redo(self) {
        if let Ok(live) = self.live() {
            live.redo();
        }
    }

    pub(crate) async fn share_context(self, key: &str, value: Value) -> Result<u32> {
        let (shell, key) = (self.shell()?, key.to_owned());
        let sessions = shell.ask_after_saving(|transport, _| transport.share(key, value)).await?;
        self.save_now();
        Ok(sessions)
    }

    pub(crate) fn create_snapshot(self, name: Option<String>) -> SnapshotId {
        let id = SnapshotId::generate(&Browser);
        self.edit(move |live| {
            live.snapshot_as(id, name);
            Ok(())
        })
        .ok();
        id
    }

    pub(crate) async fn preview_snapshot(self, id: SnapshotId) -> Result<Preview> {
        let ask = self.shell()?;
        ask.ask_after_saving(|transport, session| transport.preview(session, id)).await
    }

    pub(crate) async fn restore_snapshot(self, id: SnapshotId) -> Result<Restored> {
        let (shell, live) = (self.shell()?, self.live()?);
        let restored =
            shell.ask_after_saving(|transport, session| transport.restore(session, id)).await?;
        live.save_now();
        shell.refresh_snapshots();
        Ok(restored)
    }

    pub(crate) async fn undo_restore(self, id: RestoreId, confirmed: bool) -> Result<Undone> {
        let (shell, live) = (self.shell()?, self.live()?);
        let undone = shell
            .ask_after_saving(|transport, session| transport.undo_restore(session, id, confirmed))
            .await?;
        if matches!(undone, Undone::Done { .. }) {
            live.save_now();
            shell.refresh_snapshots();
        }
        Ok(undone)
    }

    pub(crate) async fn pin_snapshot(self, id: SnapshotId, pinned: bool) -> Result<()> {
        let shell = self.shell()?;
        shell.ask(|transport, session| transport.pin(session, id, pinned)).await?;
        shell.refresh_snapshots();
        Ok(())
    }

    pub(crate) async fn delete_snapshot(self, id: SnapshotId) -> Result<()> {
        let shell = self.shell()?;
        shell.ask(|transport, session| transport.delete_snapshot(session, id)).await?;
        shell.refresh_snapshots();
        Ok(())
    }

    pub(crate) fn on_change(self, callback: Box<dyn Fn(&Change)>) {
        let Ok(shell) = self.shell() else { return };
        let number = shell.reactive.add_callback(callback.into());
        on_cleanup(move || {
            if let Ok(shell) = self.shell() {
                shell.reactive.remove(number);
            }
        });
    }

    pub(crate) fn set_place(self, place: &str) {
        let place = place.to_owned();
        self.when_live(move |live| live.change_presence(|me| me.place = place));
    }

    pub(crate) fn set_editing(self, path: Option<&Path>) {
        let editing = path.map(ToString::to_string);
        self.when_live(move |live| live.change_presence(|me| me.editing = editing));
    }

    pub(crate) fn set_label(self, label: &str) {
        keep_label(label);
        let label = label.to_owned();
        self.when_live(move |live| live.change_presence(|me| me.label = label));
    }

    fn when_live(self, act: impl FnOnce(&Rc<Live>) + 'static) {
        let Ok(shell) = self.shell() else { return };
        match shell.live() {
            Some(live) => act(&live),
            None => shell.edit(Box::new(act)),
        }
    }

    pub(crate) async fn create_again(self) -> Result<CreatedAgain> {
        self.shell()?.create_again().await
    }

    pub(crate) async fn renew_storage(self) -> Result<()> {
        self.shell()?.renew_storage().await
    }

    pub(crate) async fn flush(self) -> bool {
        match self.shell() {
            Ok(shell) => shell.flush().await,
            Err(_) => false,
        }
    }

    pub(crate) fn give_to(self, account: AccountId) {
        crate::shell::give_to(account);
    }

    pub(crate) fn forget(self, forget: bool) {
        if let Ok(shell) = self.shell() {
            shell.forget(forget);
        }
    }

    pub(crate) fn dismiss_notice(self) {
        if let Ok(shell) = self.shell() {
            shell.dismiss_notice();
        }
    }

    pub(crate) fn view(self, key: &str) -> Option<Value> {
        self.shell().ok()?.view(key)
    }

    pub(crate) fn set_view(self, key: &str, value: Value) {
        if let Ok(shell) = self.shell() {
            shell.set_view(key, value);
        }
    }

    pub(crate) fn attach_area(self, path: Path, node: NodeRef<Textarea>) {
        self.attach(path, move || node.get().map(Field::Area));
    }

    pub(crate) fn attach_input(self, path: Path, node: NodeRef<Input>) {
        self.attach(path, move || node.get().map(Field::Input));
    }

    fn attach(self, path: Path, field: impl Fn() -> Option<Field> + 'static) {
        Effect::new(move |_| {
            let (Some(field), Ok(shell)) = (field(), self.shell()) else { return };
            if let Some(binding) = bind(&shell, path.clone(), field) {
                let binding = SendWrapper::new(binding);
                on_cleanup(move || drop(binding));
            }
        });
    }
}
