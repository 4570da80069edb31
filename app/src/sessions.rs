//! The sessions of an account.

mod functions;
mod row;
mod sidebar;

pub use functions::*;
pub(crate) use sidebar::{Sidebar, focus_search};
