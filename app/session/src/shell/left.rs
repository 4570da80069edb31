//! Sessions that the page does not show and that the server does not have all of: those it showed
//! before, and those that only wait in the journal.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use holdfast_domain::Environment;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionState;
use holdfast_domain::sync::{JournalRecord, SaveStatus};
use wasm_bindgen_futures::spawn_local;

use super::{Shell, show};
use crate::browser::{Browser, with_free_lock};
use crate::live::Live;
use crate::sessions::{LocalSession, copy_of};

impl Shell {
    /// The open session, and those that were left and are not done.
    pub(crate) fn lives(&self) -> Vec<Rc<Live>> {
        self.live().into_iter().chain(self.left.borrow().iter().cloned()).collect()
    }

    /// Keeps a session going until it can be let go of; the future ends then.
    pub(super) fn let_go(self: &Rc<Self>, live: Rc<Live>) -> impl Future<Output = ()> + use<> {
        self.left.borrow_mut().push(live.clone());
        let shell = self.clone();
        async move {
            live.clone().leave().await;
            shell.left.borrow_mut().retain(|left| !Rc::ptr_eq(left, &live));
            shell.show_status();
        }
    }

    /// Shows the status of the open session, or of one that was left while something of that one,
    /// and nothing of the open one, is only in this window.
    pub(crate) fn show_status(&self) {
        let Some(shown) = self.live() else { return };
        let left = self.left.borrow().iter().find(|live| !live.keeps_all()).cloned();
        let status = match left.filter(|_| shown.keeps_all()) {
            Some(left) => left.status().or(Some(SaveStatus::Saving { waiting: 1 })),
            None => shown.status(),
        };
        if let Some(status) = status {
            show(self.signals.status, status);
        }
    }

    /// Sends what the journal holds of sessions that no page may ever show again. One after the
    /// other, and in one tab of the browser.
    pub(crate) fn send_owing(self: &Rc<Self>) {
        if self.transport.is_none() {
            return;
        }
        if let Some(again) = self.sending.borrow().upgrade() {
            // Perhaps the server was away when the first ones were sent.
            again.set(true);
            return;
        }
        let again = Rc::new(Cell::new(true));
        self.sending.replace(Rc::downgrade(&again));
        let shell = Rc::downgrade(self);
        let work = async move {
            while again.replace(false) {
                send_all(&shell).await;
            }
        };
        with_free_lock(&format!("holdfast.owing.{}", self.profile), work);
    }

    /// What came into a session's journal from outside of a tab reaches the tabs that have it open, and
    /// the server.
    pub(super) async fn bring(self: &Rc<Self>, id: SessionId, records: Vec<JournalRecord>) {
        match self.lives().into_iter().find(|live| live.id == id) {
            Some(live) => {
                live.bring(records).await;
                if !self.shows(&live) {
                    // It was left while the server was away.
                    live.saved().await;
                }
            }
            None => self.clone().send_owed(id).await,
        }
    }

    async fn send_owed(self: Rc<Self>, id: SessionId) {
        let known = self.local(id);
        let name = || self.options.default_name.clone();
        let session = known.unwrap_or_else(|| LocalSession::new(id, name(), Browser.now_ms()));
        let live = Live::new(&self, &session, Vec::new());
        spawn_local(live.clone().open());
        self.let_go(live).await;
    }
}

async fn send_all(shell: &Weak<Shell>) {
    let Some(journal) = shell.upgrade().map(|shell| shell.journal.clone()) else { return };
    for id in journal.owing().await {
        let Some(shell) = shell.upgrade().filter(|shell| !shell.ended.get()) else { return };
        // Another tab made it since this page read the list: its name and time are there.
        if shell.local(id).is_none() {
            shell.read_local().await;
        }
        // The server takes nothing into it; whoever brings it back sends what waits.
        let state = shell.local(id).map(|local| local.summary.state);
        if state == Some(SessionState::Deleted) {
            continue;
        }
        // A tab that was killed edited the original when the copy was made.
        let copy = copy_of(id);
        let mut carried = Vec::new();
        if shell.local(copy).is_some() {
            carried = shell.copy(id, copy).await.unwrap_or_default();
            if carried.is_empty() {
                continue;
            }
        }
        shell.bring(shell.present(id), carried).await;
    }
}
