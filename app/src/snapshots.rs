//! Snapshots: restore points of a session.

mod functions;

pub use functions::*;
