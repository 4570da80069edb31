//! Bringing all that this device keeps to the server, and letting go of it (SEC-1, TAB-7).

use std::rc::Rc;

use super::{Shell, profiles};
use crate::browser::{LockRequest, request_lock, sleep};
use crate::journal::race;

/// How long the server may take for all of it.
const FLUSHING_MS: u32 = 15_000;
/// What other tabs send is looked for this often.
const LOOK_MS: u32 = 200;

impl Shell {
    /// See [`UseSession::flush`](crate::UseSession::flush).
    pub(crate) async fn flush(self: Rc<Self>) -> bool {
        let flushed = async {
            loop {
                for live in self.lives() {
                    live.saved().await;
                }
                self.read_local().await;
                if let Some(live) = self.live() {
                    self.send_rename(live.id);
                }
                if !self.has_more_than_server().await
                    && self.lives().iter().all(|live| live.has_nothing_waiting())
                {
                    return;
                }
                // What other sessions wait for; a tab that is at it already goes on.
                self.send_owing();
                sleep(LOOK_MS).await;
            }
        };
        race(flushed, sleep(FLUSHING_MS)).await.is_some()
    }

    /// Says, or says no more, that this page may write into the profile: as long as one does, it is not taken away. A
    /// page that is put away lets go of it, as the browser would not keep it otherwise.
    pub(crate) fn use_profile(&self, uses: bool) {
        let name = profiles::lock(&self.profile);
        let held = || request_lock(&name, LockRequest::Share, || {}, |_| {});
        self.uses_profile.replace(uses.then(held).flatten());
    }

    /// See [`UseSession::forget`](crate::UseSession::forget).
    pub(crate) fn forget(&self, forget: bool) {
        match forget {
            true => profiles::forget(&self.profile),
            false => profiles::remember(&self.profile),
        }
    }
}
