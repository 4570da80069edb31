//! The sessions of an account.

mod functions;
mod list;
mod row;
mod sidebar;

pub use functions::*;
pub(crate) use list::{SIDEBAR, SessionList, collapse_script};
pub(crate) use sidebar::Sidebar;
