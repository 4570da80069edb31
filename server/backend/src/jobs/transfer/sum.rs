//! What was copied, counted.

use holdfast_domain::job::{Amount, CopyEntry, CopyOutcome, TransferResult};

/// Files that went wrong and are named.
pub(in crate::jobs) const FAILURES: usize = 100;

/// One file more. What is still to be done is counted as if it were: of a dry run.
pub(super) fn add(result: &mut TransferResult, entry: &CopyEntry) {
    let amount = match entry.outcome.done() {
        CopyOutcome::Copied => &mut result.copied,
        CopyOutcome::Renamed => {
            result.renamed += 1;
            &mut result.copied
        }
        CopyOutcome::Overwritten => &mut result.overwritten,
        CopyOutcome::Same => &mut result.same,
        CopyOutcome::Skipped => &mut result.skipped,
        _ => {
            if result.failures.len() < FAILURES {
                result.failures.push(entry.clone());
            }
            &mut result.failed
        }
    };
    amount.add(entry.bytes);
}

/// All files that were come to.
pub(super) fn all(result: &TransferResult) -> Amount {
    let parts = [result.copied, result.overwritten, result.same, result.skipped, result.failed];
    parts.into_iter().fold(Amount::default(), |sum, part| Amount {
        files: sum.files + part.files,
        bytes: sum.bytes + part.bytes,
    })
}
