//! A database that was brought back from an older copy by hand does not know it; its clients do. What one
//! of them was given and is not there any more says so. From then on it is another life of the database, so
//! that every client gives what the copy did not have, also one whose position was reached again meanwhile.
//!
//! A client may say what it likes, so this is believed once after each start: nothing is restored under a
//! server that runs, and a lie costs no more than that all give again what they have.

use std::sync::atomic::Ordering;

use holdfast_domain::Result;
use holdfast_domain::wire::{Position, SaveRequest};

use crate::Backend;

impl Backend {
    /// A client of the session was at `have`; its log ends at `seq`.
    pub(super) async fn note_position(&self, have: Option<Position>, seq: i64) {
        let incarnation = self.incarnation();
        if have.is_some_and(|have| have.incarnation == incarnation && have.seq > seq) {
            self.note_restored().await;
        }
    }

    /// The visitor has no such session. Where nobody has it or had it until they
    /// deleted it, a client that was given some of it knows more.
    pub(super) async fn note_lost(&self, request: &SaveRequest) -> Result<()> {
        let incarnation = self.incarnation();
        if request.have.is_none_or(|have| have.incarnation != incarnation) {
            return Ok(());
        }
        let mut connection = self.store.database.read().await?;
        let taken = self.store.is_taken(&mut connection, request.session).await?;
        drop(connection);
        if !taken {
            self.note_restored().await;
        }
        Ok(())
    }

    async fn note_restored(&self) {
        if self.store.restored.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::warn!(
            "clients have more than the database, an older copy: its next incarnation begins"
        );
        if self.new_incarnation().await.is_err() {
            // It is logged where it happened; the next one who knows tries again.
            self.store.restored.store(false, Ordering::Relaxed);
        }
    }
}
