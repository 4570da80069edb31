//! No more is written after an `fsync` failed (SYNC-1).
//!
//! The system tells of pages that it could not write once, and then takes them for written: the next
//! `fsync` succeeds without them. Nobody in this process can say any more what is on the disk, so
//! nothing more is promised. Reading goes on; the next start brings what is there to the disk, or fails.

use std::sync::atomic::{AtomicBool, Ordering};

/// SQLite's IOERR_FSYNC and IOERR_DIR_FSYNC, <https://sqlite.org/rescode.html>. Postgres ends itself.
const FSYNC_FAILED: [&str; 2] = ["1034", "1290"];

/// Whether writing has ended.
#[derive(Default)]
pub(super) struct Stop(AtomicBool);

impl Stop {
    pub(super) fn stopped(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Looks at why a commit failed.
    pub(super) fn look(&self, cause: &sqlx::Error) {
        let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
        let failed = code.is_some_and(|code| FSYNC_FAILED.contains(&code.as_ref()));
        if failed && !self.0.swap(true, Ordering::AcqRel) {
            tracing::error!(
                "the disk does not keep what is written (fsync failed), so nothing more is saved: look \
                 at the disk, then start the server again; what was acknowledged is there"
            );
        }
    }
}
