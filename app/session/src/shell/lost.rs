//! Sessions of this device that the server does not give to this browser (SYNC-6, TAB-7): it was restored
//! from an older copy, or the browser's sign-in is gone. They are offered to be created there again, all
//! together, the open one and the others.
//!
//! The server answers the same for a session that it does not know and for one of another account (SEC-3).
//! Which of the two it is shows when the session is created: what belongs to another account is still
//! not found. Then a copy goes on, under an id that follows from the first one ([`copy_of`]). The original
//! stays on this device behind its copy, for tabs that edit it a moment longer and for its account's return.

use std::collections::BTreeSet;
use std::rc::Rc;

use holdfast_domain::id::{BatchId, SessionId, TabId};
use holdfast_domain::session::SessionState;
use holdfast_domain::sync::{JournalRecord, SaveStatus, TransportError};
use holdfast_domain::wire::SaveRequest;
use holdfast_domain::{Environment, Error, Result};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Shell, show};
use crate::browser::{Browser, sleep};
use crate::journal::{StoreError, Table, race};
use crate::live::{Live, meta_of};
use crate::sessions::copy_of;
use crate::{CreatedAgain, Notice};

/// How long the server may take to answer for one session.
const ANSWER_MS: u32 = 30_000;

impl Shell {
    /// What the server has acknowledged something of, as far as this device knows.
    pub(super) fn on_server(&self) -> Vec<SessionId> {
        let local = self.local.borrow();
        let all: BTreeSet<SessionId> = local.iter().map(|local| local.summary.id).collect();
        let is_deleted = |state| state == SessionState::Deleted;
        let on_server =
            local.iter().filter(|local| local.on_server && !is_deleted(local.summary.state));
        on_server.map(|local| local.summary.id).filter(|id| !all.contains(&copy_of(*id))).collect()
    }

    /// Under which id a session goes on: its copy's where there is one, unless its account is back.
    pub(crate) fn present(&self, mut id: SessionId) -> SessionId {
        let listed = |id| self.listed.borrow().iter().any(|listed| listed.id == id);
        while !listed(id) && self.local(copy_of(id)).is_some() {
            id = copy_of(id);
        }
        id
    }

    /// Whether the server gave its list, and a session is not in it.
    pub(crate) fn is_unlisted(&self, id: SessionId) -> bool {
        let listed = self.listed.borrow();
        !listed.is_empty() && listed.iter().all(|listed| listed.id != id)
    }

    /// The server gave its list: what of the expected sessions is not in it is offered to be created again.
    pub(super) fn note_lost(&self, mut expected: Vec<SessionId>) {
        let listed: BTreeSet<SessionId> =
            self.listed.borrow().iter().map(|listed| listed.id).collect();
        self.signed_out.set(listed.is_empty());
        expected.retain(|id| !listed.contains(id) && self.local(copy_of(*id)).is_none());
        if *self.lost.borrow() != expected {
            self.lost.replace(expected);
            self.tell_lost();
        }
    }

    /// The server said that it does not know a session that it had acknowledged.
    pub(crate) fn offer_create_again(self: &Rc<Self>, id: SessionId) {
        let shell = self.clone();
        spawn_local(async move {
            shell.read_local().await;
            if shell.present(id) != id {
                return shell.follow_copy();
            }
            let expected = shell.on_server();
            let listed = shell.list().await.is_ok();
            if listed {
                let expected = shell.without_deleted(expected).await;
                shell.note_lost(expected);
            }
            // It may have been created again while the list was on its way.
            let is_there = listed && shell.listed.borrow().iter().any(|listed| listed.id == id);
            if !is_there && !shell.lost.borrow().contains(&id) {
                shell.lost.borrow_mut().push(id);
            }
            shell.tell_lost();
        });
    }

    /// Says which are lost, where nothing else has to be read first.
    fn tell_lost(&self) {
        let sessions = self.lost.borrow().clone();
        let told =
            |notice: &Option<Notice>| matches!(notice, None | Some(Notice::LostOnServer { .. }));
        if self.signals.notice.try_with_untracked(told) != Some(true) {
            return;
        }
        let signed_out = self.signed_out.get();
        let notice = Notice::LostOnServer { sessions, signed_out };
        show(self.signals.notice, (!self.lost.borrow().is_empty()).then_some(notice));
    }

    /// Takes the notice away; what it stood before is said then.
    pub(crate) fn dismiss_notice(&self) {
        let lost = |notice: &Option<Notice>| matches!(notice, Some(Notice::LostOnServer { .. }));
        let was_lost = self.signals.notice.try_with_untracked(lost).unwrap_or(true);
        show(self.signals.notice, None);
        if !was_lost {
            self.tell_lost();
        }
    }

    /// Creates what is lost on the server again, the open one first.
    pub(crate) async fn create_again(self: Rc<Self>) -> Result<CreatedAgain> {
        if self.creating.replace(true) {
            return Ok(CreatedAgain::default());
        }
        // A copy is made of what the journal has, and of all of it: where everything was wiped, the database
        // that took its place may not be back yet.
        self.clone().improved().await;
        let created = self.create_lost().await;
        self.creating.set(false);
        self.tell_lost();
        self.refresh();
        created
    }

    async fn create_lost(self: &Rc<Self>) -> Result<CreatedAgain> {
        let mut created = CreatedAgain::default();
        let open = self.live().map(|live| live.id);
        let mut lost = self.lost.borrow().clone();
        lost.sort_by_key(|id| Some(*id) != open);
        for id in lost {
            if self.claim(id).await? {
                self.give_again(id).await;
                created.same += 1;
            } else {
                self.go_on_as_copy(id).await?;
                created.copies += 1;
            }
            self.lost.borrow_mut().retain(|lost| *lost != id);
        }
        Ok(created)
    }

    /// Creates a session on the server, empty; `false`: another account has it.
    async fn claim(&self, id: SessionId) -> Result<bool> {
        let session = self.local(id).ok_or(Error::NotFound)?;
        let create = SaveRequest {
            session: id,
            batch: BatchId::generate(&Browser),
            items: Vec::new(),
            have: None,
            create: Some(meta_of(&session)),
            rename: false,
            active: false,
            want_state_vector: false,
        };
        match race(self.transport()?.exchange(create), sleep(ANSWER_MS)).await {
            Some(Ok(_)) => Ok(true),
            Some(Err(TransportError::Refused { error: Error::NotFound, .. })) => Ok(false),
            Some(Err(TransportError::Refused { error, .. })) => Err(error),
            _ => Err(Error::Unavailable),
        }
    }

    /// Gives the server everything this device has of a session.
    async fn give_again(self: &Rc<Self>, id: SessionId) {
        if let Some(live) = self.lives().into_iter().find(|live| live.id == id) {
            return live.given_again().await;
        }
        let Some(session) = self.local(id) else { return };
        let live = Live::new(self, &session, Vec::new());
        spawn_local(live.clone().open());
        let leaving = self.let_go(live.clone());
        live.given_again().await;
        leaving.await;
    }

    /// Makes the copy of a session, or brings it up to date, and goes on with it.
    pub(super) async fn go_on_as_copy(self: &Rc<Self>, id: SessionId) -> Result<()> {
        let copy = copy_of(id);
        let carried = self.copy(id, copy).await?;
        let open = self.live().filter(|live| live.id == id);
        if let Some(open) = &open {
            self.show_session(copy);
            if let Some(live) = self.live() {
                live.go_on_from(open.clone());
            }
        }
        self.bring(copy, carried).await;
        if let Some(open) = open {
            // What was typed while it was copied.
            open.kept().await;
            let late = self.copy(id, copy).await?;
            self.bring(copy, late).await;
        }
        Ok(())
    }

    /// Copies what this device has of a session; what the copy did not have.
    pub(super) async fn copy(&self, id: SessionId, copy: SessionId) -> Result<Vec<JournalRecord>> {
        let tab = TabId::generate(&Browser);
        let carried = self.journal.copy(id, copy, tab, Browser.now_ms()).await;
        let carried = carried.map_err(|error| match error {
            StoreError::Full => Error::StorageFull,
            StoreError::Broken | StoreError::Silent => Error::Conflict {
                reason: "Not all of it can be read on this device right now. Try again later."
                    .into(),
            },
        })?;
        if self.local(copy).is_none()
            && let Some(session) = self.local(id)
        {
            for (key, value) in self.journal.all(Table::Views, &format!("{id}/")).await {
                let key = key.replace(&id.to_string(), &copy.to_string());
                self.journal.put(Table::Views, key, Some(value)).await;
            }
            // Last: from here on the copy stands in place of the session.
            self.keep_local(session.copied(copy));
        }
        Ok(carried)
    }

    /// Goes on with the copy that another tab made of what this page shows.
    pub(super) fn follow_copy(self: &Rc<Self>) {
        let Some(live) = self.live().filter(|live| live.status().is_some_and(is_lost)) else {
            return;
        };
        if self.creating.replace(true) {
            return;
        }
        let shell = self.clone();
        spawn_local(async move {
            shell.read_local().await;
            if shell.present(live.id) != live.id && shell.go_on_as_copy(live.id).await.is_ok() {
                shell.lost.borrow_mut().retain(|lost| *lost != live.id);
                shell.tell_lost();
            }
            shell.creating.set(false);
        });
    }
}

fn is_lost(status: SaveStatus) -> bool {
    matches!(status, SaveStatus::NotSaved { code, .. } if code == Error::NotFound.code())
}
