//! What the stores hold, read together. Nothing unreadable is ever deleted or a reason to stop.

use std::collections::BTreeSet;

use holdfast_domain::Error;
use holdfast_domain::context::Context;
use holdfast_domain::scan::{Coverage, Relation, scan_taken};
use holdfast_domain::sync::{JournalRecord, RecordId};
use holdfast_domain::wire::{self, Position, WireBytes};
use serde::de::DeserializeOwned;

use super::Raw;

/// A session as the journal has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Loaded {
    /// Bases and saved updates.
    pub(crate) updates: Vec<Vec<u8>>,
    /// What the server has not acknowledged, oldest first.
    pub(crate) pending: Vec<JournalRecord>,
    /// How far `updates` have the server's log; `None` where something of them was unreadable, so
    /// that the server is asked for everything.
    pub(crate) position: Option<Position>,
    /// How many values were damaged and set aside.
    pub(crate) damaged: u32,
    /// How many values another build wrote; they are left for it.
    pub(crate) newer: u32,
    /// Every store answered, and the journal was in the best one all the time.
    pub(crate) whole: bool,
}

impl Loaded {
    /// Reads what several stores hold, best store first: a clock never decides which is newer, all
    /// of it is merged.
    pub(crate) fn read(stores: &[Raw]) -> Self {
        let mut loaded = Self::default();
        for raw in stores {
            for (_, bytes) in raw.bases.iter().chain(&raw.saved) {
                if let Some(WireBytes(update)) = loaded.open(bytes) {
                    loaded.updates.push(update);
                }
            }
        }
        let complete = loaded.damaged == 0 && loaded.newer == 0;
        for raw in stores {
            for bytes in &raw.records {
                if let Some(record) = loaded.open::<JournalRecord>(bytes) {
                    loaded.insert(record);
                }
            }
        }
        let positions = stores.iter().filter_map(|raw| raw.position.as_ref());
        loaded.position = positions
            .take(1)
            .find_map(|bytes| wire::open(bytes).ok())
            .filter(|_| complete && !loaded.updates.is_empty());
        loaded
    }

    /// The session was never on this device, or nothing of it could be kept.
    pub(crate) fn is_nothing(&self) -> bool {
        self.updates.is_empty() && self.pending.is_empty()
    }

    /// Which of the records that the journal held before are acknowledged: those it holds no more.
    /// None of them where something of it could not be read.
    pub(crate) fn acked_of(&self, before: &BTreeSet<RecordId>) -> Vec<RecordId> {
        if !self.whole || self.damaged > 0 || self.newer > 0 {
            return Vec::new();
        }
        let held = self.pending.iter().map(|record| record.id).collect();
        before.difference(&held).copied().collect()
    }

    /// What of a document the journal does not hold; `None`: nothing.
    pub(crate) fn missing_of(&self, context: &Context) -> Option<Vec<u8>> {
        let coverage = self.coverage();
        let missing = context.difference(&coverage.state_vector()).ok()?;
        let is_known = scan_taken(&missing)
            .is_ok_and(|missing| coverage.relation(&missing) == Relation::Known);
        (!is_known).then_some(missing)
    }

    /// Acknowledged and pending ones.
    pub(crate) fn all_updates(&self) -> impl Iterator<Item = &[u8]> {
        let pending = self.pending.iter().filter_map(JournalRecord::update);
        self.updates.iter().map(Vec::as_slice).chain(pending)
    }

    /// What of a document it holds, as far as nothing before it is missing.
    pub(super) fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        if let Ok(scan) = scan_taken(&read(self.all_updates()).encode()) {
            coverage.add(&scan);
        }
        coverage
    }

    /// In its place by time. Stores give the records of a tab in order, so that is mostly the end.
    fn insert(&mut self, record: JournalRecord) {
        let place = |record: &JournalRecord| (record.at_ms, record.id);
        let at = self.pending.partition_point(|before| place(before) < place(&record));
        if self.pending.get(at).is_none_or(|after| after.id != record.id) {
            self.pending.insert(at, record);
        }
    }

    fn open<T: DeserializeOwned>(&mut self, bytes: &[u8]) -> Option<T> {
        match wire::open(bytes) {
            Ok(value) => Some(value),
            Err(Error::UnsupportedVersion { .. }) => {
                self.newer += 1;
                None
            }
            Err(_) => {
                self.damaged += 1;
                None
            }
        }
    }
}

/// A document to look into: what is damaged is no part of it.
pub(super) fn read<'a>(updates: impl IntoIterator<Item = &'a [u8]>) -> Context {
    // Nothing is ever written as this client.
    let mut context = Context::new(0);
    context.apply_readable(updates);
    context
}

#[cfg(test)]
mod tests {
    use holdfast_domain::id::{IncarnationId, TabId};
    use holdfast_domain::sync::RecordBody;
    use uuid::Uuid;

    use super::*;

    fn record(number: u64, at_ms: i64) -> JournalRecord {
        JournalRecord {
            id: RecordId { tab: TabId::from(Uuid::nil()), number },
            at_ms,
            body: RecordBody::Update(vec![u8::try_from(number).unwrap()]),
        }
    }

    fn saved(byte: u8) -> (String, Vec<u8>) {
        (byte.to_string(), wire::seal(&WireBytes(vec![byte])))
    }

    fn position() -> Position {
        Position { incarnation: IncarnationId::from(Uuid::nil()), seq: 7 }
    }

    #[test]
    fn ctx_3_what_all_stores_hold_is_merged() {
        let better = Raw {
            bases: vec![saved(1)],
            saved: vec![saved(2)],
            records: vec![wire::seal(&record(2, 20))],
            position: Some(wire::seal(&position())),
        };
        let worse = Raw {
            records: vec![wire::seal(&record(2, 20)), wire::seal(&record(1, 10))],
            ..Raw::default()
        };
        let loaded = Loaded::read(&[better, worse]);
        assert_eq!(loaded.updates, vec![vec![1], vec![2]]);
        assert_eq!(loaded.pending, vec![record(1, 10), record(2, 20)]);
        assert_eq!(loaded.position, Some(position()));
    }

    #[test]
    fn tab_6_what_another_build_wrote_is_counted_and_left_alone() {
        let mut newer = wire::seal(&record(1, 0));
        newer[2] = 99;
        let loaded = Loaded::read(&[Raw { records: vec![newer], ..Raw::default() }]);
        assert_eq!((loaded.newer, loaded.damaged, loaded.pending.len()), (1, 0, 0));
    }

    #[test]
    fn ctx_4_a_damaged_value_is_set_aside_and_the_server_is_asked_for_everything() {
        let raw = Raw {
            saved: vec![saved(1), ("x".into(), b"HF\x01\x00\xff".to_vec())],
            position: Some(wire::seal(&position())),
            ..Raw::default()
        };
        let loaded = Loaded::read(&[raw]);
        assert_eq!(loaded.updates, vec![vec![1]]);
        assert_eq!((loaded.damaged, loaded.position), (1, None));
    }

    #[test]
    fn ctx_3_a_store_that_comes_back_gets_what_it_missed_and_nothing_else() {
        let mut context = Context::new(1);
        let mut edit = |patch| context.patch(&patch).unwrap().concat();
        let updates = vec![edit(serde_json::json!({"a": 1}))];
        let missed = edit(serde_json::json!({"a": null}));
        let body = RecordBody::Update(edit(serde_json::json!({"b": 1})));
        let pending = vec![JournalRecord { body, ..record(1, 0) }];
        let mut loaded = Loaded { updates, pending, ..Loaded::default() };

        loaded.updates.push(loaded.missing_of(&context).unwrap());
        assert_eq!(loaded.missing_of(&context), None);
        loaded.updates.pop();
        // A deletion alone is missing as well.
        assert!(loaded.missing_of(&context).is_some());
        loaded.updates.push(missed);
        assert_eq!(loaded.missing_of(&context), None);
        // What waits for something that is not there does not stand for it.
        loaded.updates.clear();
        loaded.updates.push(loaded.missing_of(&context).unwrap());
        let held = loaded.updates.iter().fold(Context::new(2), |mut held, update| {
            held.apply(update).unwrap();
            held
        });
        assert_eq!(held.to_json(), context.to_json());
    }

    #[test]
    fn ctx_7_only_what_a_whole_reading_misses_counts_as_acknowledged() {
        let held = Raw { records: vec![wire::seal(&record(2, 20))], ..Raw::default() };
        let before = || BTreeSet::from([record(1, 10).id, record(2, 20).id]);
        let mut loaded = Loaded::read(&[held]);
        assert_eq!(loaded.acked_of(&before()), []);
        loaded.whole = true;
        assert_eq!(loaded.acked_of(&before()), [record(1, 10).id]);
        // It may be the one that cannot be read.
        loaded.damaged = 1;
        assert_eq!(loaded.acked_of(&before()), []);
    }
}
