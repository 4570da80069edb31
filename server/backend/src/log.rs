//! The log of a session's context: rows of updates, bases, and the one writer that appends.
//!
//! One row per save holds the updates it brought. `seq` counts a session's rows without gaps and is
//! given from the session's own row, locked in the same transaction, so that its order is the order
//! of commits. Rows are never changed; a base repeats what the rows up to it come to, so that
//! opening need not read all of them.

mod append;
mod arrival;
mod base;
mod batch;
mod commit;
mod compact;
mod frame;
mod head;
mod insert;
mod job;
mod read;
mod work;
mod writer;

pub(crate) use arrival::{Arrival, Begun, NewSession, PastRow};
pub(crate) use compact::Compactor;
pub(crate) use head::Heads;
pub(crate) use job::{Creation, Item, Job, Outcome, RestoreRecord};
pub(crate) use read::{Part, WINDOW_BYTES};
pub(crate) use writer::Writer;
