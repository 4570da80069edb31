//! A session's content under another id.

use holdfast_domain::id::TabId;
use holdfast_domain::scan::{Relation, scan_taken};
use holdfast_domain::sync::{JournalRecord, RecordBody, RecordId};

use super::Loaded;
use super::reading::read;

/// What the journal needs for `copy` to have all that `source` has: as changes that the server has not
/// acknowledged, so that they are sent whatever happens to this page. First what the server had of the
/// source, as changes of `tab`; then what waits, as it is and in its order, so that a snapshot captures what
/// it was to capture. Nothing where nothing is missing.
pub(super) fn missing(
    source: &Loaded,
    copy: &Loaded,
    tab: TabId,
    now_ms: i64,
) -> Vec<JournalRecord> {
    let coverage = copy.coverage();
    let is_known = |update: &[u8]| {
        scan_taken(update).is_ok_and(|scan| coverage.relation(&scan) == Relation::Known)
    };
    let at_ms = source.pending.first().map_or(now_ms, |first| first.at_ms.saturating_sub(1));
    let acknowledged = merged(&source.updates).into_iter().filter(|update| !is_known(update));
    let mut records: Vec<JournalRecord> = (1..)
        .zip(acknowledged)
        .map(|(number, update)| JournalRecord {
            id: RecordId { tab, number },
            at_ms,
            body: RecordBody::Update(update),
        })
        .collect();
    let waiting = source.pending.iter();
    records.extend(waiting.filter(|record| !record.update().is_some_and(is_known)).cloned());
    let is_news = copy.is_nothing() || records.iter().any(|record| record.update().is_some());
    if is_news { records } else { Vec::new() }
}

/// All updates as one, and those that build on something that is not here.
fn merged(updates: &[Vec<u8>]) -> Vec<Vec<u8>> {
    if updates.is_empty() {
        return Vec::new();
    }
    let context = read(updates.iter().map(Vec::as_slice));
    std::iter::once(context.encode()).chain(context.waiting().iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use holdfast_domain::context::Context;
    use holdfast_domain::id::SnapshotId;
    use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest};
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    const TAB: u128 = 7;

    fn record(number: u64, body: RecordBody) -> JournalRecord {
        let tab = TabId::from(Uuid::nil());
        JournalRecord { id: RecordId { tab, number }, at_ms: 10, body }
    }

    fn marker(number: u64) -> JournalRecord {
        let request = SnapshotRequest {
            id: SnapshotId::from(Uuid::nil()),
            name: "Before".into(),
            kind: SnapshotKind::Manual,
            at_ms: 10,
        };
        record(number, RecordBody::Snapshot(request))
    }

    /// Saved `a`, and waiting: `b`, a snapshot, `c`.
    fn source() -> Loaded {
        let mut context = Context::new(1);
        let mut edit = |patch: Value| context.patch(&patch).unwrap().concat();
        let updates = vec![edit(json!({"a": 1}))];
        let pending = vec![
            record(1, RecordBody::Update(edit(json!({"b": 1})))),
            marker(2),
            record(3, RecordBody::Update(edit(json!({"c": 1})))),
        ];
        Loaded { updates, pending, ..Loaded::default() }
    }

    fn carry(source: &Loaded, copy: &Loaded) -> Vec<JournalRecord> {
        missing(source, copy, TabId::from(Uuid::from_u128(TAB)), 99)
    }

    fn read(records: &[JournalRecord]) -> Value {
        super::read(records.iter().filter_map(JournalRecord::update)).to_json()
    }

    #[test]
    fn tab_7_a_copy_has_everything_and_a_snapshot_captures_what_came_before_it() {
        let records = carry(&source(), &Loaded::default());
        assert_eq!(read(&records), json!({"a": 1, "b": 1, "c": 1}));
        let at = records.iter().position(|record| record.update().is_none()).unwrap();
        assert_eq!(read(records.get(..at).unwrap()), json!({"a": 1, "b": 1}));
        // The journal gives them back in the order of their times.
        assert!(records.is_sorted_by_key(|record| record.at_ms));
    }

    #[test]
    fn tab_7_copied_again_only_what_is_new_is_carried_over() {
        let mut source = source();
        let records = carry(&source, &Loaded::default());
        let copy = Loaded { pending: records, ..Loaded::default() };
        assert_eq!(carry(&source, &copy), []);
        // The server has it by now, and nothing waits.
        let updates = copy.all_updates().map(Vec::from).collect();
        let copy = Loaded { updates, ..Loaded::default() };
        assert_eq!(carry(&source, &copy), []);

        let late = Context::new(3).patch(&json!({"d": 1})).unwrap().concat();
        source.pending.push(record(4, RecordBody::Update(late)));
        assert_eq!(read(&carry(&source, &copy)), json!({"d": 1}));
    }
}
