//! The page turns away: to another session, or because the browser puts it away.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use holdfast_domain::sync::{Event, SaveStatus, Urgency};

use super::Live;
use crate::browser::sleep;
use crate::journal::race;

/// How long an answer about everything that was edited before waits for the server to have it.
pub(super) const SAVING_MS: u32 = 10_000;

impl Live {
    /// Saves, and waits until the server has everything or cannot be reached, but not for ever.
    pub(crate) async fn saved(self: &Rc<Self>) {
        let everything = async {
            // What is typed while the session is read becomes an edit after that.
            self.until(Self::is_ready).await;
            self.feed(Event::Save(Urgency::AtOnce));
            self.until(|live| {
                let status = live.engine.borrow().status();
                let offline = matches!(status, SaveStatus::Offline { .. }) && !live.exchanging();
                offline || waiting(&status) == 0
            })
            .await;
        };
        race(everything, sleep(SAVING_MS)).await;
    }

    /// The page shows another session. What waits here is sent, and this ends; but not while something
    /// is neither on the server nor in a journal that outlives the page.
    pub(crate) async fn leave(self: Rc<Self>) {
        self.say_bye();
        self.until(Self::is_ready).await;
        self.seek_lead_at_last();
        self.saved().await;
        self.until(Self::keeps_all).await;
        self.suspend();
    }

    /// Creates the session on the server again, and waits until that has everything, but not for ever.
    pub(crate) async fn given_again(self: &Rc<Self>) {
        let given = async {
            self.until(Self::is_ready).await;
            self.create_again();
            self.until(|live| matches!(live.engine.borrow().status(), SaveStatus::Saved { .. }))
                .await;
        };
        race(given, sleep(SAVING_MS)).await;
    }

    /// Waits until closing the page would lose nothing, but not for ever.
    pub(crate) async fn kept(&self) {
        race(self.until(Self::keeps_all), sleep(SAVING_MS)).await;
    }

    /// Whether the server has everything.
    pub(crate) fn has_nothing_waiting(&self) -> bool {
        self.edits.borrow().is_empty() && waiting(&self.engine.borrow().status()) == 0
    }

    /// Whether closing the page would lose nothing.
    pub(crate) fn keeps_all(&self) -> bool {
        self.edits.borrow().is_empty() && self.engine.borrow().keeps_all()
    }

    /// Waits for something that only changes with an event.
    pub(crate) async fn until(&self, holds: impl Fn(&Self) -> bool) {
        poll_fn(|context| {
            if holds(self) {
                return Poll::Ready(());
            }
            self.wakers.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    pub(super) fn wake_all(&self) {
        let wakers = std::mem::take(&mut *self.wakers.borrow_mut());
        for waker in wakers {
            waker.wake();
        }
    }

    /// The page is hidden or left: this may be the last that it gets to do.
    pub(super) fn hide(self: &Rc<Self>) {
        self.feed(Event::Hidden);
        let unkept = self.engine.borrow().unkept();
        if let Some(shell) = self.shell.upgrade().filter(|_| !unkept.is_empty()) {
            shell.journal.put_aside(self.id, &unkept);
        }
    }

    /// The browser puts the page away, perhaps to bring it back (bfcache, freezing): a held lock or
    /// an open channel would keep it from being kept.
    pub(crate) fn suspend(self: &Rc<Self>) {
        if self.suspended.replace(true) {
            return;
        }
        self.edit_at_last();
        self.hide();
        self.say_bye();
        self.channel.borrow_mut().take();
        self.give_up_lead();
    }
}

/// How many changes the server has not acknowledged.
fn waiting(status: &SaveStatus) -> u32 {
    match status {
        SaveStatus::Saved { .. } => 0,
        SaveStatus::Saving { waiting }
        | SaveStatus::OnDevice { waiting, .. }
        | SaveStatus::Offline { waiting, .. }
        | SaveStatus::NotSaved { waiting, .. } => *waiting,
    }
}
