//! What callbacks are told about changes, and what undoes a reset.

use holdfast_domain::context::{Path, Replaced};
use holdfast_domain::id::SessionId;
use holdfast_domain::sync::ChangeOrigin;

/// One change of the context, as [`crate::UseSession::on_change`] tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose it is.
    pub origin: ChangeOrigin,
    /// The paths whose value changed, in path order.
    pub paths: Vec<Path>,
}

/// Undoes one [`crate::UseSession::reset`]; values changed since the reset are left as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct ResetUndo {
    pub(crate) session: SessionId,
    pub(crate) replaced: Vec<Replaced>,
}
