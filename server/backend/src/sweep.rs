//! What time does by itself: snapshots and records of restores expire, sessions nobody uses are abandoned
//! and then archived (SESS-1), deleted ones and deleted accounts are destroyed (SESS-3, SEC-1), guests
//! with nothing forgotten (OPS-1). On one node at a time, and only while
//! the clock can be believed.

mod lease;
mod steady;

use holdfast_domain::Result;

use crate::Backend;
use crate::sessions::Aged;
use steady::Steady;

/// What became of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// This was done.
    Done(Swept),
    /// Nothing was, because the clock had jumped lately.
    Waits {
        /// By how many milliseconds, if it was since the sweep before.
        jumped_ms: Option<i64>,
    },
    /// Nothing was: another node sweeps.
    Elsewhere,
}

/// How much a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Snapshots that were removed.
    pub snapshots: u64,
    /// Sessions that are abandoned now...
    pub abandoned: u64,
    /// ...and those that are archived now.
    pub archived: u64,
    /// Deleted sessions of which nothing is left.
    pub destroyed: u64,
    /// Deleted accounts of which nothing is left.
    pub accounts: u64,
    /// Guests who had nothing and did not come back.
    pub guests: u64,
}

impl Backend {
    /// Sweeps, unless another node does or the clock cannot be believed. To be called from time to time.
    ///
    /// # Errors
    /// `StorageFull`, `Unavailable`. What was done before stays done.
    pub async fn sweep(&self) -> Result<Sweep> {
        self.follow_rotation().await?;
        if !self.take_sweep_lease().await? {
            return Ok(Sweep::Elsewhere);
        }
        let swept = self.sweep_when_steady().await;
        let given_back = self.give_back_sweep_lease().await;
        let swept = swept?;
        given_back.map(|()| swept)
    }

    async fn sweep_when_steady(&self) -> Result<Sweep> {
        if let Steady::Jumped { jumped_ms } = self.believe_the_clock().await? {
            return Ok(Sweep::Waits { jumped_ms });
        }
        let snapshots = self.sweep_snapshots().await?;
        let Aged { abandoned, archived } = self.age_sessions().await?;
        let accounts = self.destroy_deleted_accounts().await?;
        let destroyed = self.destroy_deleted_sessions().await?;
        let guests = self.destroy_empty_guests().await?;
        self.sweep_events().await?;
        self.sweep_jobs().await?;
        self.sweep_sign_ins().await?;
        self.burn_bridges().await?;
        Ok(Sweep::Done(Swept { snapshots, abandoned, archived, destroyed, accounts, guests }))
    }
}
