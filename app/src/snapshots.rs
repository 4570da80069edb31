//! Snapshots: restore points of a session, and the way back to one.

mod differences;
mod functions;
mod history;
mod list;
mod panel;
mod preview;
mod readable;
mod restoring;
mod take;
mod undo;
mod words;

pub use functions::*;
pub(crate) use history::History;
pub(crate) use panel::Panel;
pub(crate) use restoring::{RestoreDialogs, Restoring};
pub(crate) use take::use_take_snapshot;
