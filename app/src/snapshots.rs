//! Snapshots: restore points of a session.

mod functions;
mod history;
mod panel;
mod readable;
mod words;

pub use functions::*;
pub(crate) use history::History;
pub(crate) use panel::Panel;
