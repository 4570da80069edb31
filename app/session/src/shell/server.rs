//! What is asked of the server besides saving.

use std::rc::Rc;
use std::sync::Arc;

use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionSummary;
use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest, SnapshotSummary};
use holdfast_domain::{Error, Result};
use wasm_bindgen_futures::spawn_local;

use super::{Shell, show};
use crate::{Answer, Transport};

/// How long a snapshot is kept, as long as the server has not said.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

impl Shell {
    /// The way to the server.
    pub(crate) fn transport(&self) -> Result<Arc<dyn Transport>> {
        self.transport.clone().ok_or(Error::Unavailable)
    }

    /// Asks for something of the open session.
    pub(crate) async fn ask<T>(
        &self,
        ask: impl FnOnce(&dyn Transport, SessionId) -> Answer<T>,
    ) -> Result<T> {
        let live = self.live().ok_or(Error::Unavailable)?;
        ask(self.transport()?.as_ref(), live.id).await
    }

    /// As [`Shell::ask`], about something that must see what was edited here before.
    pub(crate) async fn ask_after_saving<T>(
        &self,
        ask: impl FnOnce(&dyn Transport, SessionId) -> Answer<T>,
    ) -> Result<T> {
        let live = self.live().ok_or(Error::Unavailable)?;
        live.saved().await;
        ask(self.transport()?.as_ref(), live.id).await
    }

    /// Asks for both lists again.
    pub(crate) fn refresh(self: &Rc<Self>) {
        if self.transport.is_some() {
            let shell = self.clone();
            spawn_local(async move {
                shell.read_local().await;
                // Those it has acknowledged by now must be in its list.
                let expected = shell.on_server();
                if shell.list().await.is_ok() {
                    let expected = shell.without_deleted(expected).await;
                    shell.note_lost(expected);
                    shell.ask_for_deleted().await;
                }
            });
        }
        self.refresh_snapshots();
    }

    /// Asks for the sessions, and takes in which there are.
    pub(super) async fn list(&self) -> Result<Vec<SessionSummary>> {
        let transport = self.transport()?;
        let asked = self.listing.ask();
        let answer = transport.sessions().await;
        if self.listing.hear(asked, &answer)
            && let Ok(listed) = &answer
        {
            self.listed.borrow_mut().clone_from(listed);
            self.show_sessions();
        }
        answer
    }

    /// Asks for the snapshots again.
    pub(crate) fn refresh_snapshots(self: &Rc<Self>) {
        self.show_snapshots();
        let (Ok(transport), Some(live)) = (self.transport(), self.live()) else { return };
        // The server has none of a session that it does not know yet.
        if self.local(live.id).is_some_and(|session| !session.on_server) {
            show(self.signals.snapshots_read, Some(Ok(())));
            return;
        }
        let shell = self.clone();
        let (taken, asked) = (live.taken_snapshots(), self.reading_snapshots.ask());
        spawn_local(async move {
            // Nor of one that it lost.
            let listed = match transport.snapshots(live.id).await {
                Err(Error::NotFound) => Ok(Vec::new()),
                listed => listed,
            };
            if !shell.shows(&live) || !shell.reading_snapshots.hear(asked, &listed) {
                return;
            }
            let read = listed.map(|listed| {
                shell.snapshots.replace(listed);
                live.note_listed(&taken);
                shell.show_snapshots();
            });
            show(shell.signals.snapshots_read, Some(read));
        });
    }

    /// Those in the server's list and, before them, those that it took since and those that still wait in
    /// the journal.
    pub(crate) fn show_snapshots(&self) {
        let listed = self.snapshots.borrow().clone();
        let is_new =
            |request: &SnapshotRequest| !listed.iter().any(|snapshot| snapshot.id == request.id);
        let live = self.live();
        let taken = live.as_ref().map(|live| live.taken_snapshots()).unwrap_or_default();
        let mut waiting = live.map(|live| live.waiting_snapshots()).unwrap_or_default();
        waiting.retain(is_new);
        let ids = waiting.iter().map(|request| request.id).collect();
        let new = taken.into_iter().filter(is_new).chain(waiting);
        let mut all: Vec<SnapshotSummary> = new.map(not_yet_there).collect();
        all.reverse();
        all.extend(listed);
        show(self.signals.waiting_snapshots, ids);
        show(self.signals.snapshots, all);
    }

    /// Tells the server a name that was given here.
    pub(crate) fn send_rename(self: &Rc<Self>, id: SessionId) {
        let Some(session) = self.local(id).filter(|local| local.rename_pending && local.on_server)
        else {
            return;
        };
        let Ok(transport) = self.transport() else { return };
        let shell = self.clone();
        let name = session.summary.name;
        spawn_local(async move {
            let answer = transport.rename(id, name.clone()).await;
            if answer.is_ok() {
                shell.relist(id, |listed| listed.name.clone_from(&name));
            }
            // Any other answer would be the same again.
            if !matches!(answer, Err(Error::Unavailable | Error::RateLimited { .. })) {
                shell.change_local(id, |session| {
                    session.rename_pending &= session.summary.name != name;
                });
            }
        });
    }
}

fn not_yet_there(request: SnapshotRequest) -> SnapshotSummary {
    SnapshotSummary {
        id: request.id,
        name: request.name,
        kind: SnapshotKind::Manual,
        pinned: false,
        created_at_ms: request.at_ms,
        expires_at_ms: request.at_ms.saturating_add(KEPT_MS),
        mine: true,
        size_bytes: 0,
    }
}
