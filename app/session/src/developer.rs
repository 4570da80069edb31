//! For developers: what goes wrong outside the page, made to go wrong, and what the journal holds (UX-5). Nothing calls
//! any of it by itself, and a reload ends it.

use holdfast_domain::Result;
use holdfast_domain::id::TabId;
use holdfast_domain::sync::StorageTier;

use crate::UseSession;

/// What one place holds of the open session. Counts and sizes only, no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The place.
    pub tier: StorageTier,
    /// Whether it answered.
    pub answered: bool,
    /// Whole documents: how many, and their bytes.
    pub bases: (usize, usize),
    /// Updates since, which the server has: how many, and their bytes.
    pub saved: (usize, usize),
    /// What the server has not acknowledged, oldest first.
    pub waiting: Vec<Waiting>,
}

/// A change that waits for the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The tab that made it.
    pub tab: TabId,
    /// Which of its changes it is.
    pub number: u64,
    /// When it was made, milliseconds since the Unix epoch, as the device has them.
    pub at_ms: i64,
    /// Whether it is a snapshot, and not an edit.
    pub is_snapshot: bool,
    /// Bytes of its update.
    pub bytes: usize,
}

/// From now on, or no longer, this page's writes into the browser's database are refused as where the quota is
/// exceeded.
pub fn refuse_writes(refuse: bool) {
    #[cfg(feature = "hydrate")]
    crate::simulated::set_full(refuse);
    #[cfg(not(feature = "hydrate"))]
    let _ = refuse;
}

/// Closes the channel to the other tabs, for as long as this page lives (TAB-4).
pub fn close_channel(session: &UseSession) {
    session.handle.close_channel();
}

/// What each place holds of the open session, the best one first.
///
/// # Errors
/// `Unavailable` where no session is open.
pub async fn inspect_journal(session: UseSession) -> Result<Vec<Kept>> {
    session.handle.inspect_journal().await
}
