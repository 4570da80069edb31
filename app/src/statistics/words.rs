//! Figures in words.

use holdfast_domain::statistics::{StateCounts, Use};

use super::Measure;
use crate::size::size;

/// `2 h 10 min`, `45 min`, `under a minute`, `0 min`.
pub(super) fn duration(ms: u64) -> String {
    let minutes = ms / 60_000;
    match (ms, minutes / 60, minutes % 60) {
        (0, ..) => "0 min".into(),
        (_, 0, 0) => "under a minute".into(),
        (_, 0, minutes) => format!("{minutes} min"),
        (_, hours, 0) => format!("{hours} h"),
        (_, hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// `one edit`, `340 edits`.
pub(super) fn edits(number: u64) -> String {
    if number == 1 { "1 edit".into() } else { format!("{number} edits") }
}

/// What a bar stands for.
pub(super) fn measured(of: Use, measure: Measure) -> String {
    match measure {
        Measure::Time => duration(of.active_ms),
        Measure::Edits => edits(of.edits),
    }
}

/// What something takes.
pub(super) fn bytes(number: u64) -> String {
    let known = i64::try_from(number).ok().and_then(size);
    known.unwrap_or_else(|| "nothing yet".into())
}

/// `3 active, 1 archived. Together they take 1.2 MB, their history included.`
pub(super) fn states(counts: &StateCounts, taken: u64) -> String {
    let StateCounts { active, completed, abandoned, archived, deleted } = *counts;
    let all = [
        (active, "active"),
        (completed, "completed"),
        (abandoned, "abandoned"),
        (archived, "archived"),
        (deleted, "deleted"),
    ];
    let named = all.into_iter().filter(|(number, _)| *number > 0);
    let named: Vec<String> = named.map(|(number, state)| format!("{number} {state}")).collect();
    if named.is_empty() {
        return "There are none on the server yet.".into();
    }
    let taken = bytes(taken);
    format!("{}. Together they take {taken}, their history included.", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sess_6_times_are_short() {
        let minute = 60_000;
        let words = [0, 59_999, minute, 59 * minute, 60 * minute, 130 * minute].map(duration);
        assert_eq!(words, ["0 min", "under a minute", "1 min", "59 min", "1 h", "2 h 10 min"]);
    }

    #[test]
    fn sess_6_only_states_that_there_are_are_named() {
        let counts = StateCounts { active: 3, archived: 1, ..StateCounts::default() };
        assert_eq!(
            states(&counts, 1_250_000),
            "3 active, 1 archived. Together they take 1.2 MB, their history included."
        );
        assert_eq!(states(&StateCounts::default(), 0), "There are none on the server yet.");
    }
}
