//! One line of the table.

use serde::{Deserialize, Serialize};

/// What was measured, and what it is held to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub what: String,
    /// As in the issue: `≥ 0.5 × the yardstick`.
    pub target: String,
    pub measured: String,
    /// What stood beside it in the same run.
    pub beside: String,
    pub met: bool,
}

impl Row {
    pub fn new(what: &str, target: &str, measured: String, beside: String, met: bool) -> Self {
        Self { what: what.into(), target: target.into(), measured, beside, met }
    }
}
