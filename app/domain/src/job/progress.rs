//! How far a job is.

use serde::{Deserialize, Serialize};

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes.
    #[default]
    Bytes,
    /// Files.
    Files,
}

/// What it is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nothing yet.
    #[default]
    Waiting,
    /// Finding out what there is.
    Listing,
    /// Reading contents.
    Reading,
    /// Copying.
    Copying,
    /// Removing copies.
    Removing,
    /// Bringing together what was found.
    Summing,
    /// Nothing any more.
    Done,
}

/// How far a job is. A bar shows `done` of `total`, both of `unit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// What is counted.
    pub unit: Unit,
    /// So much is done...
    pub done: u64,
    /// ...of so much, where that is known.
    pub total: Option<u64>,
    /// Files that are done...
    pub files: u64,
    /// ...of so many, where that is known.
    pub files_total: Option<u64>,
    /// Units in a second, lately.
    pub rate: Option<u64>,
    /// Milliseconds that it still takes at that rate.
    pub left_ms: Option<u64>,
}

impl Progress {
    /// In whole percent, where it is known.
    pub fn percent(&self) -> Option<u64> {
        let total = self.total.filter(|total| *total > 0)?;
        let percent = u128::from(self.done.min(total)) * 100 / u128::from(total);
        u64::try_from(percent).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_1_percent_is_whole_and_never_above_a_hundred() {
        let at = |done, total| Progress { done, total, ..Progress::default() }.percent();
        assert_eq!([at(0, None), at(0, Some(0)), at(5, Some(0))], [None; 3]);
        assert_eq!([at(0, Some(9)), at(1, Some(3)), at(2, Some(3))], [Some(0), Some(33), Some(66)]);
        assert_eq!(at(u64::MAX, Some(u64::MAX)), Some(100));
        assert_eq!(at(11, Some(10)), Some(100));
    }
}
