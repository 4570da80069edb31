//! The sessions of an account.

mod bundles;
mod deleting;
mod functions;
mod gone;
mod list;
mod row;
mod sidebar;
mod steps;
#[cfg(feature = "hydrate")]
mod upload;

pub(crate) use bundles::{Bundles, ImportFile};
pub(crate) use deleting::{DeleteDialog, Deleting};
pub use functions::*;
pub(crate) use gone::{GoneDialog, GoneSessions};
pub(crate) use list::{SIDEBAR, SessionList, collapse_script};
pub(crate) use sidebar::{Sidebar, state_name};
pub(crate) use steps::Steps;
