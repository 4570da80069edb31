//! One tab of the browser speaks with the server for all (TAB-5). Where there are no Web Locks, or the
//! browser refuses them, every visible tab does, and where none is visible the one that was used last:
//! the server keeps twice-sent changes once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use holdfast_domain::id::SessionId;
use holdfast_domain::sync::Event;

use super::Live;
use crate::browser::{HeldLock, LockEnd, LockRequest, is_visible, request_lock};

/// This tab's claim.
#[derive(Default)]
pub(super) struct Lead {
    lock: RefCell<Option<HeldLock>>,
    /// Counts claims, so that the end of an old one is not taken for that of a new one.
    claim: Cell<u64>,
    sought: Cell<bool>,
    without_locks: Cell<bool>,
}

/// The lock that the leading tab of a session has and the others wait for.
pub(crate) fn lead_lock(profile: &str, session: SessionId) -> String {
    format!("holdfast.lead.{profile}.{session}")
}

impl Live {
    /// Leads as soon as nobody else does.
    pub(super) fn seek_lead(self: &Rc<Self>) {
        self.lead.sought.set(true);
        self.claim(LockRequest::Wait);
    }

    /// With `sync_on_mount: false` the lead is sought with the first reason to save.
    pub(super) fn seek_lead_at_last(self: &Rc<Self>) {
        if !self.lead.sought.get() && !self.suspended.get() {
            self.seek_lead();
        }
    }

    /// Leads now: whoever does is silent.
    pub(super) fn take_lead(self: &Rc<Self>) {
        self.lead.sought.set(true);
        self.claim(LockRequest::Steal);
    }

    /// Lets somebody else lead.
    pub(super) fn give_up_lead(self: &Rc<Self>) {
        self.lead.claim.set(self.lead.claim.get() + 1);
        let lock = self.lead.lock.borrow_mut().take();
        drop(lock);
        self.feed(Event::Following);
    }

    fn claim(self: &Rc<Self>, request: LockRequest) {
        let claim = self.lead.claim.get() + 1;
        self.lead.claim.set(claim);
        let Some(shell) = self.shell.upgrade() else { return };
        let name = lead_lock(&shell.profile, self.id);
        let (held, ended) = (Rc::downgrade(self), Rc::downgrade(self));
        let lock = request_lock(
            &name,
            request,
            move || {
                if let Some(live) = held.upgrade().filter(|live| live.lead.claim.get() == claim) {
                    live.start_leading(claim);
                }
            },
            move |end| {
                let Some(live) = ended.upgrade().filter(|live| live.lead.claim.get() == claim)
                else {
                    return;
                };
                match end {
                    LockEnd::Lost => {
                        // Stolen. It may be wanted again.
                        live.feed(Event::Following);
                        live.claim(LockRequest::Wait);
                    }
                    // Asking again would be refused again, at once and for ever.
                    LockEnd::Refused => live.lead_without_locks(),
                }
            },
        );
        self.lead.without_locks.set(false);
        let has_locks = lock.is_some();
        let before = std::mem::replace(&mut *self.lead.lock.borrow_mut(), lock);
        drop(before);
        if !has_locks {
            self.lead_without_locks();
        }
    }

    fn lead_without_locks(self: &Rc<Self>) {
        self.lead.without_locks.set(true);
        self.lead_or_follow();
    }

    /// Without locks every visible tab leads, and where none is visible the one that was used last.
    pub(super) fn lead_or_follow(self: &Rc<Self>) {
        if !self.lead.without_locks.get() || self.suspended.get() {
            return;
        }
        let leads = self.engine.borrow().leads();
        let should_lead = is_visible() || self.presence.borrow().was_used_last();
        if should_lead && !leads {
            self.start_leading(self.lead.claim.get());
        } else if leads && !should_lead {
            self.feed(Event::Following);
        }
    }

    /// Reads what waits in the journal, of all tabs, for as long as this tab leads.
    pub(super) fn read_for_leading(self: &Rc<Self>) {
        self.start_leading(self.lead.claim.get());
    }

    fn start_leading(self: &Rc<Self>, claim: u64) {
        let Some(shell) = self.shell.upgrade() else { return };
        let live = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let loaded = shell.journal.pending(live.id).await;
            live.tell_tier();
            if live.lead.claim.get() == claim {
                let waits = live.waits();
                live.feed(Event::Leading { pending: loaded.pending, waits });
            }
        });
    }

    /// The person looks at the page, or at another.
    pub(crate) fn show_or_hide(self: &Rc<Self>) {
        let visible = is_visible();
        self.change_presence(|me| me.visible = visible);
        if visible {
            self.feed(Event::Visible);
        } else {
            self.hide();
        }
        self.lead_or_follow();
    }
}
