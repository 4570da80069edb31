//! The audit log: what happened to accounts and sessions, in one chain (SEC-7).
//!
//! Each entry carries a keyed hash of itself and of the entry before it, by a key that the master key wraps: whoever
//! has the database alone can neither change, drop nor insert one unnoticed. That the newest ones were cut off shows
//! only beside a head that was written down elsewhere, which `holdfast audit verify` prints and compares.

mod chain;
mod entry;
mod list;

pub use chain::{AuditBreak, AuditHead};
pub(crate) use entry::Entry;
pub use list::AuditFilter;
