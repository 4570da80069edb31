//! What a snapshot is called, and what is said of it.

use holdfast_domain::Error;
use holdfast_domain::snapshot::{SnapshotKind, SnapshotSummary};

use crate::failed::reason;
use crate::time::moment;

/// The word for the style sheet and tests.
pub(super) fn kind(snapshot: &SnapshotSummary) -> &'static str {
    match snapshot.kind {
        SnapshotKind::Manual => "manual",
        SnapshotKind::Automatic => "automatic",
        SnapshotKind::BeforeRestore => "before_restore",
    }
}

/// What the person calls it.
pub(super) fn title(snapshot: &SnapshotSummary) -> String {
    match snapshot.kind {
        SnapshotKind::Manual => snapshot.name.clone(),
        SnapshotKind::Automatic => "Automatic".into(),
        SnapshotKind::BeforeRestore => "Before restore".into(),
    }
}

/// Its title and time: tells snapshots of the same title apart.
pub(super) fn full_name(snapshot: &SnapshotSummary, now_ms: i64) -> String {
    format!("{}, {}", title(snapshot), moment(snapshot.created_at_ms, now_ms))
}

/// Who or what took it, and why.
pub(super) fn origin(snapshot: &SnapshotSummary) -> String {
    match snapshot.kind {
        SnapshotKind::Manual if snapshot.mine => "by you".into(),
        SnapshotKind::Manual => "by somebody else".into(),
        SnapshotKind::Automatic => lower_first(&snapshot.name),
        SnapshotKind::BeforeRestore => "taken by a restore".into(),
    }
}

/// That something about snapshots did not work, why, and that nothing is lost by it.
pub(super) fn sorry(what: &str, error: &Error) -> String {
    format!("{what} {}", reason(error))
}

/// That a restore was not confirmed. Without an answer nobody knows whether it was done.
pub(super) fn not_restored(error: &Error) -> String {
    match error {
        Error::Unavailable => {
            "The server does not answer. If it restored the snapshot all the same, \
                               what was there before is kept as a snapshot."
                .into()
        }
        error => sorry("Not restored.", error),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use holdfast_domain::id::SnapshotId;
    use uuid::Uuid;

    use super::*;

    fn snapshot(name: &str, kind: SnapshotKind) -> SnapshotSummary {
        SnapshotSummary {
            id: SnapshotId::from(Uuid::nil()),
            name: name.into(),
            kind,
            pinned: false,
            created_at_ms: 0,
            expires_at_ms: 0,
            mine: true,
            size_bytes: 0,
        }
    }

    #[test]
    fn snap_1_a_snapshot_says_what_it_is() {
        let mine = snapshot("Before packing", SnapshotKind::Manual);
        assert_eq!((title(&mine).as_str(), origin(&mine).as_str()), ("Before packing", "by you"));
        let hourly = snapshot("Hourly", SnapshotKind::Automatic);
        assert_eq!((title(&hourly).as_str(), origin(&hourly).as_str()), ("Automatic", "hourly"));
        assert_eq!(kind(&snapshot("x", SnapshotKind::BeforeRestore)), "before_restore");
    }

    #[test]
    fn snap_3_without_an_answer_nothing_is_promised() {
        assert!(!not_restored(&Error::Unavailable).contains("Not restored"));
        assert!(not_restored(&Error::Damaged).starts_with("Not restored."));
        assert!(not_restored(&Error::Damaged).ends_with("Your work is as it was."));
    }
}
