//! The sessions of an account.

mod functions;
mod sidebar;

pub use functions::*;
pub(crate) use sidebar::Sidebar;
