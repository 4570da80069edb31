//! Copying between locations, and taking the copies back (JOB-7).

use serde::{Deserialize, Serialize};

use crate::id::JobId;
use crate::location::Place;

/// What is to be copied where: all files below a folder, with their times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransferParams {
    /// From here.
    pub from: Place,
    /// To there: each file to the same place below this folder.
    pub to: Place,
    /// What becomes of a file that is there already and is another one.
    #[serde(default)]
    pub conflict: ConflictPolicy,
    /// Only says what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// What becomes of a file that is there already. One with the same size and time is taken for the same file, and stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConflictPolicy {
    /// It stays, and nothing is copied.
    #[default]
    Skip,
    /// The copy takes its place. This is not taken back by a rollback.
    Overwrite,
    /// It stays, and the copy has another name.
    Rename,
}

/// What becomes of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CopyOutcome {
    /// It is to be copied.
    Copy,
    /// It is to take the place of another one.
    Overwrite,
    /// It is to be copied to another name.
    Rename,
    /// It was copied.
    Copied,
    /// It took the place of another one.
    Overwritten,
    /// It was copied to another name.
    Renamed,
    /// It was there already.
    Same,
    /// Another one is there, and stays.
    Skipped,
    /// It could not be copied, or not be removed.
    Failed,
    /// It is to be removed.
    Remove,
    /// The copy was removed.
    Removed,
    /// The copy was changed since, and stays.
    Changed,
    /// The copy was gone already.
    Gone,
}

impl CopyOutcome {
    /// What it is when it was done; the others stay as they are.
    #[must_use]
    pub fn done(self) -> Self {
        match self {
            Self::Copy => Self::Copied,
            Self::Overwrite => Self::Overwritten,
            Self::Rename => Self::Renamed,
            Self::Remove => Self::Removed,
            other => other,
        }
    }

    /// Its word, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Overwrite => "overwrite",
            Self::Rename => "rename",
            Self::Copied => "copied",
            Self::Overwritten => "overwritten",
            Self::Renamed => "renamed",
            Self::Same => "same",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Remove => "remove",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }

    /// Whether it is still to be done.
    pub fn is_due(self) -> bool {
        self.done() != self
    }
}

/// One file of a transfer, or of its rollback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CopyEntry {
    /// Where it is, from the folder that is copied.
    pub path: String,
    /// Where the copy is, from the folder that it is copied to, if not at the same place.
    pub target: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// When it changed last, milliseconds since the Unix epoch.
    pub modified_at_ms: i64,
    /// BLAKE3 of its content in hexadecimal digits, where it was copied.
    pub hash: Option<String>,
    /// What became of it.
    pub outcome: CopyOutcome,
    /// Why it failed, in a word that stays.
    pub code: Option<String>,
}

impl CopyEntry {
    /// Where the copy is, from the folder that it is copied to.
    pub fn target(&self) -> &str {
        self.target.as_deref().unwrap_or(&self.path)
    }
}

/// Files and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amount {
    /// How many files.
    pub files: u64,
    /// All of them together.
    pub bytes: u64,
}

impl Amount {
    /// One file more.
    pub fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

/// What was copied; of a dry run, what would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferResult {
    /// Nothing was done.
    pub dry_run: bool,
    /// Copied, to the same place or to another name.
    pub copied: Amount,
    /// How many of them have another name.
    pub renamed: u64,
    /// Copied over another file.
    pub overwritten: Amount,
    /// There already, with the same size and time.
    pub same: Amount,
    /// Not copied, as another file is there.
    pub skipped: Amount,
    /// Not copied, as something went wrong.
    pub failed: Amount,
    /// Files that went wrong, at most a hundred.
    pub failures: Vec<CopyEntry>,
    /// Files and folders that could not be read, or whose names are no text.
    pub unreadable: u64,
    /// Links, which are not followed, and what is neither file nor folder.
    pub not_files: u64,
}

/// Which transfer is to be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RollbackParams {
    /// The transfer.
    pub transfer: JobId,
}

/// What was taken back: copies that are as they were written, and folders made for them that are empty now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RollbackResult {
    /// Removed.
    pub removed: Amount,
    /// Changed since, and left.
    pub changed: Amount,
    /// Gone already.
    pub gone: Amount,
    /// Not removed, as something went wrong.
    pub failed: Amount,
    /// Files that went wrong, at most a hundred.
    pub failures: Vec<CopyEntry>,
    /// Files that took the place of others, and were left.
    pub overwritten: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_7_an_outcome_has_the_same_word_everywhere() {
        use CopyOutcome::{
            Changed, Copied, Copy, Failed, Gone, Overwrite, Overwritten, Remove, Removed, Rename,
            Renamed, Same, Skipped,
        };
        for outcome in [
            Copy,
            Overwrite,
            Rename,
            Copied,
            Overwritten,
            Renamed,
            Same,
            Skipped,
            Failed,
            Remove,
            Removed,
            Changed,
            Gone,
        ] {
            let word = serde_json::to_value(outcome).unwrap();
            assert_eq!(word.as_str(), Some(outcome.word()));
            assert_eq!(outcome.is_due(), [Copy, Overwrite, Rename, Remove].contains(&outcome));
            assert!(!outcome.done().is_due());
        }
    }
}
