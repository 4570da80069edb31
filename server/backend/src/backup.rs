//! Copies of an SQLite database in one file each, and bringing one back.
//!
//! A copy is a ZIP archive of two entries, neither compressed (what is encrypted does not become
//! smaller): `holdfast.db`, made by `VACUUM INTO` and checked, and `manifest.json`, which says what it is
//! and has the size and the SHA-256 of the other. The archive's comment ends with the SHA-256 of every byte
//! before it, in 64 digits, so that no byte of the file can change unseen.
//!
//! The master key is in no copy: whoever has both reads everything.
//!
//! Only commands call this, in a runtime in which nothing else happens: files are read and written where
//! the calls stand.

mod archive;
mod bring_back;
mod error;
mod files;
mod manifest;
pub(crate) mod sqlite;
mod take;

pub use bring_back::{BringBack, BroughtBack, bring_back};
pub use error::BackupError;
pub use take::{BackedUp, back_up};
