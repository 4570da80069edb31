//! What a person reads of a job.

use holdfast_domain::job::{
    JobParams, JobResult, JobState, JobSummary, Phase, Progress, TransferParams, Unit,
};

use crate::size::size;

/// What it is.
pub(super) fn title(params: &JobParams) -> String {
    match params {
        JobParams::Scan(scan) => format!("Scan {}", place(&scan.location, &scan.path)),
        JobParams::Transfer(transfer) => {
            let TransferParams { from, to, dry_run, .. } = transfer;
            let what = if *dry_run { "Try copying" } else { "Copy" };
            let [from, to] = [from, to].map(|one| place(&one.location, &one.path));
            format!("{what} {from} to {to}")
        }
        JobParams::Rollback(_) => "Roll back a transfer".into(),
    }
}

fn place(location: &str, path: &str) -> String {
    if path.is_empty() { location.to_owned() } else { format!("{location}/{path}") }
}

/// What came of it, in a few words.
pub(super) fn outcome(result: &JobResult) -> String {
    match result {
        JobResult::Scan(scan) => {
            let mut words = vec![count(scan.files, "file"), bytes(scan.bytes)];
            if scan.duplicate_files > 0 {
                words.push(count(scan.duplicate_files, "duplicate"));
            }
            if scan.unreadable > 0 {
                words.push(format!("{} not readable", number(scan.unreadable)));
            }
            words.join(", ")
        }
        JobResult::Transfer(done) => {
            let copied = if done.dry_run { "to copy" } else { "copied" };
            let first = format!("{} {copied}", count(done.copied.files, "file"));
            let more = [
                (done.overwritten.files, if done.dry_run { "to replace" } else { "replaced" }),
                (done.same.files, "there already"),
                (done.skipped.files, "left as they are"),
                (done.failed.files, "failed"),
                (done.unreadable, "not readable"),
            ];
            listed(first, &more)
        }
        JobResult::Rollback(done) => {
            let first = format!("{} removed", count(done.removed.files, "file"));
            let more = [
                (done.changed.files, "changed since and left"),
                (done.overwritten, "that replaced others left"),
                (done.gone.files, "gone already"),
                (done.failed.files, "failed"),
            ];
            listed(first, &more)
        }
    }
}

/// Those of which there are any.
fn listed(first: String, more: &[(u64, &str)]) -> String {
    let some = more.iter().filter(|(many, _)| *many > 0);
    let more = some.map(|(many, what)| format!("{} {what}", number(*many)));
    std::iter::once(first).chain(more).collect::<Vec<_>>().join(", ")
}

/// Where it is in its life.
pub(super) fn state(job: &JobSummary) -> &'static str {
    match (job.state, job.wanted) {
        (JobState::Running, Some(JobState::Paused)) => "Pausing…",
        (JobState::Running, Some(_)) => "Cancelling…",
        (JobState::Pending, _) if job.not_before_ms.is_some() => "Tried again soon",
        (JobState::Pending, _) => "Waiting",
        (JobState::Running, _) => "Running",
        (JobState::Paused, _) => "Paused",
        (JobState::Completed, _) => "Completed",
        (JobState::Failed, _) => "Failed",
        (JobState::Cancelled, _) => "Cancelled",
    }
}

/// How far it is, each thing by itself.
pub(super) fn progress(progress: &Progress) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(progress.percent().map(|percent| format!("{percent} %")));
    words.extend(phase(progress.phase).map(String::from));
    if progress.unit == Unit::Bytes && progress.done > 0 {
        words.push(of(&bytes(progress.done), progress.total.map(bytes)));
    }
    if progress.files > 0 {
        let total = progress.files_total.filter(|total| *total != progress.files);
        words.push(match total {
            Some(total) => format!("{} of {}", number(progress.files), count(total, "file")),
            None => count(progress.files, "file"),
        });
    }
    words.extend(progress.rate.filter(|rate| *rate > 0).map(|rate| match progress.unit {
        Unit::Bytes => format!("{}/s", bytes(rate)),
        Unit::Files => format!("{} files/s", number(rate)),
    }));
    words.extend(progress.left_ms.map(|left_ms| format!("{} left", duration(left_ms))));
    words
}

fn phase(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::Waiting | Phase::Done => None,
        Phase::Listing => Some("looking what there is"),
        Phase::Reading => Some("comparing contents"),
        Phase::Copying => Some("copying"),
        Phase::Removing => Some("removing"),
        Phase::Summing => Some("adding up"),
    }
}

fn of(done: &str, total: Option<String>) -> String {
    total.map_or_else(|| done.to_owned(), |total| format!("{done} of {total}"))
}

/// A size, also of nothing.
pub(super) fn bytes(bytes: u64) -> String {
    size(i64::try_from(bytes).unwrap_or(i64::MAX)).unwrap_or_else(|| "0 bytes".into())
}

/// A number with thin spaces between thousands.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            words.push('\u{202f}');
        }
        words.push(digit);
    }
    words
}

/// `1 file`, `214 duplicates`.
pub(super) fn count(number_of: u64, what: &str) -> String {
    let plural = if number_of == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(number_of))
}

/// `41 s`, `1 min 31 s`, `2 h 5 min`.
pub(super) fn duration(ms: u64) -> String {
    let seconds = ms.div_ceil(1_000);
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// How long it took, from when it was begun first.
pub(super) fn took(job: &JobSummary) -> Option<String> {
    let ms = job.ended_at_ms?.saturating_sub(job.started_at_ms?);
    Some(duration(u64::try_from(ms).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_5_progress_is_read_as_a_person_says_it() {
        let reading = Progress {
            phase: Phase::Reading,
            unit: Unit::Bytes,
            done: 12_400_000_000,
            total: Some(20_000_000_000),
            files: 8_312,
            files_total: Some(13_370),
            rate: Some(84_000_000),
            left_ms: Some(90_500),
        };
        let expected = [
            "62 %",
            "comparing contents",
            "12 GB of 20 GB",
            "8\u{202f}312 of 13\u{202f}370 files",
            "84 MB/s",
            "1 min 31 s left",
        ];
        assert_eq!(progress(&reading), expected);
        assert_eq!(progress(&Progress::default()), Vec::<String>::new());
        assert_eq!([0, 999, 60_000, 7_500_000].map(duration), ["0 s", "1 s", "1 min", "2 h 5 min"]);
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(number),
            ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"]
        );
    }
}
