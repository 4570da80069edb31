//! Sessions that the server's list has no more because they were deleted (SESS-3): they are no lost ones, and of
//! those that are destroyed nothing stays on this device but what the server never got (OPS-1).

use std::rc::Rc;

use holdfast_domain::Error;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionState;

use super::Shell;
use super::ports::forget_session;
use crate::browser::{has_locks, with_free_lock};
use crate::journal::Table;
use crate::live::lead_lock;
use crate::sessions::LocalSession;

/// So many are asked for one by one after a list. Where more are missing the server has lost them.
const AT_ONCE: usize = 20;

impl Shell {
    /// The server has just given its list: the expected sessions without those that were deleted.
    pub(super) async fn without_deleted(
        self: &Rc<Self>,
        expected: Vec<SessionId>,
    ) -> Vec<SessionId> {
        let missing = expected.iter().copied().filter(|id| self.is_unlisted(*id));
        let missing: Vec<SessionId> = missing.take(AT_ONCE).collect();
        let mut lost = expected;
        for id in missing {
            if !self.is_lost(id).await {
                lost.retain(|of| *of != id);
            }
        }
        lost
    }

    /// Asks for those that this device knows to be deleted, once in a page: perhaps they are destroyed.
    pub(super) async fn ask_for_deleted(self: &Rc<Self>) {
        let deleted = |local: &LocalSession| {
            let deleted = local.on_server && local.summary.state == SessionState::Deleted;
            deleted.then_some(local.summary.id)
        };
        let mut known: Vec<SessionId> = self.local.borrow().iter().filter_map(deleted).collect();
        known.retain(|id| !self.asked_for.borrow().contains(id));
        known.truncate(AT_ONCE);
        for id in known {
            self.is_lost(id).await;
        }
    }

    /// Whether the server does not know a session at all.
    async fn is_lost(self: &Rc<Self>, id: SessionId) -> bool {
        let Ok(transport) = self.transport() else { return false };
        self.asked_for.borrow_mut().insert(id);
        match transport.session(id).await {
            Err(Error::NotFound) => true,
            Err(Error::Gone { until_ms }) => {
                self.note_state(id, SessionState::Deleted);
                if until_ms.is_none() {
                    self.clear_away(id);
                }
                false
            }
            _ => false,
        }
    }

    /// Nothing brings it back: takes away what this device keeps of it, unless a tab has it open or something of it was
    /// never sent.
    fn clear_away(self: &Rc<Self>, id: SessionId) {
        // Without locks nobody can say what other tabs have open.
        if !has_locks() || self.lives().iter().any(|live| live.id == id) {
            return;
        }
        let shell = self.clone();
        let work = async move {
            let waiting = shell.journal.pending(id).await;
            if !waiting.whole || !waiting.is_nothing() || waiting.damaged > 0 || waiting.newer > 0 {
                return;
            }
            if shell.journal.clear(id).await.is_err() {
                return;
            }
            for (key, _) in shell.journal.all(Table::Views, &format!("{id}/")).await {
                shell.journal.put(Table::Views, key, None).await;
            }
            shell.journal.put(Table::Sessions, id.to_string(), None).await;
            forget_session(&shell.profile, id);
            shell.local.borrow_mut().retain(|local| local.summary.id != id);
            shell.show_sessions();
        };
        // Whoever has it open has this lock, or waits for it behind somebody who has.
        with_free_lock(&lead_lock(&self.profile, id), work);
    }
}
