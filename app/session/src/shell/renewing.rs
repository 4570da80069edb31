//! A new storage in place of one that does not open any more (CTX-3).

use std::rc::Rc;

use holdfast_domain::sync::StorageTier;
use holdfast_domain::{Error, Result};

use super::Shell;
use crate::typed::Left;

impl Shell {
    /// See [`UseSession::renew_storage`](crate::UseSession::renew_storage).
    pub(crate) async fn renew_storage(self: Rc<Self>) -> Result<()> {
        self.clone().improved().await;
        if self.journal.tier() == StorageTier::IndexedDb {
            return Err(refused("The browser's database works again."));
        }
        if self.journal.may_come_back().await {
            return Err(refused(
                "The browser's database does not answer, but it may come back by itself: close the other tabs \
                 of this page, or start the browser again.",
            ));
        }
        for live in self.lives() {
            live.saved().await;
        }
        if self.has_more_than_server().await {
            self.send_owing();
            return Err(refused(
                "Something still waits for the server. Try again when all is saved.",
            ));
        }
        self.transport()?.renew_storage().await
    }

    /// Whether something of this device, in whatever session, is nowhere else yet.
    pub(super) async fn has_more_than_server(&self) -> bool {
        let renamed = self.local.borrow().iter().any(|session| session.rename_pending);
        // What the server lost is on this page only, perhaps.
        let lost = !self.lost.borrow().is_empty();
        renamed
            || lost
            || !Left::all(&self.profile).is_empty()
            || !self.journal.owing().await.is_empty()
    }
}

fn refused(reason: &str) -> Error {
    Error::Conflict { reason: reason.into() }
}
