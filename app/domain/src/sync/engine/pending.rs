//! The records of this browser that the server has not acknowledged (CTX-5).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::acked::Acked;
use crate::id::TabId;
use crate::scan::scan_taken;
use crate::sync::{JournalRecord, RecordBody, RecordId};
use crate::wire::{SaveItem, WireError};

/// What an item takes in a message beside its update or name, at most.
const UPDATE_AROUND_BYTES: usize = 6;
const SNAPSHOT_AROUND_BYTES: usize = 64;

/// Where a record is on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In memory only.
    Memory,
    /// On its way into the journal.
    Appending,
    /// A sibling made it and has not said that it is in the journal.
    Sibling,
    /// In the journal.
    Journaled,
}

/// Why a record is not sent with the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// The server refused it.
    Refused(WireError),
    /// It builds on what the server does not have and this browser could not give.
    Stuck,
}

/// One unacknowledged record.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) record: JournalRecord,
    pub(super) place: Place,
    pub(super) held: Option<Held>,
    /// When this tab learnt of it.
    pub(super) since_ms: i64,
}

/// All of them. Offline there may be hundreds of thousands: what is asked with every key knows its few.
#[derive(Debug, Default)]
pub(super) struct Pending {
    records: BTreeMap<RecordId, Waiting>,
    /// Those that are not in the journal.
    outside: BTreeSet<RecordId>,
    /// Those that are held.
    held: BTreeSet<RecordId>,
    acked: Acked,
}

/// The front of what is to be sent.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) ids: Vec<RecordId>,
    pub(super) items: Vec<SaveItem>,
    /// More is left.
    pub(super) cut: bool,
}

impl Pending {
    /// Takes a record in; `false` where it was known or acknowledged before.
    pub(super) fn learn(&mut self, record: JournalRecord, place: Place, now_ms: i64) -> bool {
        if self.knows(record.id) {
            return false;
        }
        let id = record.id;
        self.records.insert(id, Waiting { place, held: None, since_ms: now_ms, record });
        self.set_place(id, place);
        true
    }

    /// Whether it waits or was acknowledged.
    pub(super) fn knows(&self, id: RecordId) -> bool {
        self.records.contains_key(&id) || self.acked.contains(id)
    }

    pub(super) fn was_acked(&self, id: RecordId) -> bool {
        self.acked.contains(id)
    }

    /// Removes acknowledged records and returns those that waited here. One that did not is not
    /// remembered either: its change is not in the document.
    pub(super) fn settle(&mut self, ids: &[RecordId]) -> Vec<Waiting> {
        let settled: Vec<_> = ids.iter().filter_map(|id| self.records.remove(id)).collect();
        for Waiting { record, .. } in &settled {
            self.outside.remove(&record.id);
            self.held.remove(&record.id);
            self.acked.insert(record.id);
        }
        settled
    }

    /// What these take in a message, as far as they wait.
    pub(super) fn bytes(&self, ids: &[RecordId]) -> usize {
        let waiting = ids.iter().filter_map(|id| self.records.get(id));
        waiting.map(|waiting| size(&waiting.record.body)).sum()
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Waiting> {
        self.records.values()
    }

    /// Those that are not in the journal.
    pub(super) fn outside(&self) -> impl Iterator<Item = &Waiting> {
        self.outside.iter().filter_map(|id| self.records.get(id))
    }

    /// Those that are not sent with the others.
    pub(super) fn held(&self) -> impl Iterator<Item = &Waiting> {
        self.held.iter().filter_map(|id| self.records.get(id))
    }

    pub(super) fn get(&self, id: RecordId) -> Option<&Waiting> {
        self.records.get(&id)
    }

    pub(super) fn set_place(&mut self, id: RecordId, place: Place) {
        let Some(waiting) = self.records.get_mut(&id) else { return };
        waiting.place = place;
        if place == Place::Journaled {
            self.outside.remove(&id);
        } else {
            self.outside.insert(id);
        }
    }

    /// The journal is in another store, which has none of them.
    pub(super) fn leave_journal(&mut self) {
        for waiting in self.records.values_mut() {
            waiting.place = Place::Memory;
        }
        self.outside = self.records.keys().copied().collect();
    }

    /// The clock was set back: none of them waits since a moment that is yet to come.
    pub(super) fn wait_since_at_most(&mut self, now_ms: i64) {
        for waiting in self.records.values_mut() {
            waiting.since_ms = waiting.since_ms.min(now_ms);
        }
    }

    pub(super) fn hold(&mut self, id: RecordId, held: Held) {
        if let Some(waiting) = self.records.get_mut(&id) {
            waiting.held = Some(held);
            self.held.insert(id);
        }
    }

    /// Whether something can be sent.
    pub(super) fn has_sendable(&self) -> bool {
        self.records.len() > self.held.len()
    }

    /// A record is stuck, and with it the updates its tab made after it that build on it.
    pub(super) fn mark_stuck(&mut self, id: RecordId) {
        let last = RecordId { number: u64::MAX, ..id };
        // From which clock on a client's structs will be missing on the server.
        let mut missing: BTreeMap<u64, u32> = BTreeMap::new();
        for (_, waiting) in self.records.range_mut(id..=last) {
            let Some(update) = waiting.record.update() else { continue };
            let Ok(scan) = scan_taken(update) else { continue };
            let is_missing = |client, clock| missing.get(client).is_some_and(|from| *from <= clock);
            let needs = scan.needs.iter().any(|(client, clock)| is_missing(client, *clock));
            let mut ends =
                scan.deletes.iter().filter_map(|(client, of)| Some((client, of.last()?.1)));
            let deletes = ends.any(|(client, end)| is_missing(client, end - 1));
            if waiting.record.id != id && !needs && !deletes {
                continue;
            }
            waiting.held.get_or_insert(Held::Stuck);
            self.held.insert(waiting.record.id);
            for (client, ranges) in scan.inserts {
                let start = ranges.first().map_or(u32::MAX, |range| range.0);
                let from = missing.entry(client).or_insert(start);
                *from = start.min(*from);
            }
        }
    }

    pub(super) fn has_stuck(&self) -> bool {
        self.held().any(|waiting| waiting.held == Some(Held::Stuck))
    }

    /// Lets stuck records go with the others again; with `refused`, refused ones as well.
    pub(super) fn release(&mut self, refused: bool) {
        for id in std::mem::take(&mut self.held) {
            let Some(waiting) = self.records.get_mut(&id) else { continue };
            if refused || waiting.held == Some(Held::Stuck) {
                waiting.held = None;
            } else {
                self.held.insert(id);
            }
        }
    }

    /// The first sendable records, up to a size and a number; whether more is left.
    pub(super) fn front(
        &self,
        max_bytes: usize,
        max_records: usize,
    ) -> (Vec<&JournalRecord>, bool) {
        self.front_beyond(&[], max_bytes, max_records)
    }

    /// As [`Pending::front`], without those in `sent`.
    fn front_beyond(
        &self,
        sent: &[RecordId],
        max_bytes: usize,
        max_records: usize,
    ) -> (Vec<&JournalRecord>, bool) {
        let sendable = self.records.values().filter(|waiting| waiting.held.is_none());
        let mut records = in_order(sendable.filter(|waiting| !sent.contains(&waiting.record.id)));
        let mut bytes: usize = 0;
        let fitting = records.iter().take(max_records).take_while(|record| {
            bytes = bytes.saturating_add(size(&record.body));
            bytes <= max_bytes
        });
        let fitting = fitting.count();
        let cut = fitting < records.len();
        records.truncate(fitting);
        (records, cut)
    }

    /// As [`Pending::front`], for a request.
    pub(super) fn take(&self, max_bytes: usize, max_records: usize) -> Taken {
        self.take_beyond(&[], max_bytes, max_records)
    }

    /// As [`Pending::take`], without those in `sent`.
    pub(super) fn take_beyond(
        &self,
        sent: &[RecordId],
        max_bytes: usize,
        max_records: usize,
    ) -> Taken {
        let (records, cut) = self.front_beyond(sent, max_bytes, max_records);
        let ids = records.iter().map(|record| record.id).collect();
        let items = records.iter().map(|record| match &record.body {
            RecordBody::Update(update) => SaveItem::Update(update.clone()),
            RecordBody::Snapshot(request) => SaveItem::Snapshot(request.clone()),
        });
        Taken { ids, items: items.collect(), cut }
    }
}

/// Records by the time they were made, but each tab's by number: a tab's clock may have been set back, its
/// records build on each other all the same.
pub(super) fn in_order<'a>(chosen: impl Iterator<Item = &'a Waiting>) -> Vec<&'a JournalRecord> {
    let mut tabs: BTreeMap<TabId, VecDeque<&JournalRecord>> = BTreeMap::new();
    let mut slots = Vec::new();
    for Waiting { record, .. } in chosen {
        tabs.entry(record.id.tab).or_default().push_back(record);
        slots.push((record.at_ms, record.id));
    }
    slots.sort_unstable();
    slots
        .into_iter()
        .filter_map(|(_, id)| tabs.get_mut(&id.tab).and_then(VecDeque::pop_front))
        .collect()
}

fn size(body: &RecordBody) -> usize {
    match body {
        RecordBody::Update(update) => update.len().saturating_add(UPDATE_AROUND_BYTES),
        RecordBody::Snapshot(request) => request.name.len().saturating_add(SNAPSHOT_AROUND_BYTES),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::Context;

    fn id(number: u64) -> RecordId {
        RecordId { tab: TabId::from(Uuid::nil()), number }
    }

    fn ids<'a>(waiting: impl Iterator<Item = &'a Waiting>) -> Vec<RecordId> {
        waiting.map(|waiting| waiting.record.id).collect()
    }

    #[test]
    fn ctx_7_what_is_not_in_the_journal_and_what_is_held_is_known_whatever_happened() {
        let mut pending = Pending::default();
        for number in 1..=5 {
            let body = RecordBody::Update(vec![0, 0]);
            pending.learn(JournalRecord { id: id(number), at_ms: 0, body }, Place::Memory, 0);
        }
        for number in 1..=3 {
            pending.set_place(id(number), Place::Journaled);
        }
        pending.set_place(id(3), Place::Sibling);
        pending.hold(id(2), Held::Stuck);
        pending.hold(id(4), Held::Refused(WireError::from(&crate::Error::NotFound)));
        assert_eq!(ids(pending.outside()), [id(3), id(4), id(5)]);
        assert_eq!(ids(pending.held()), [id(2), id(4)]);
        pending.release(false);
        assert_eq!(ids(pending.held()), [id(4)]);
        pending.settle(&[id(1), id(4)]);
        assert_eq!(ids(pending.held()), []);
        assert_eq!(ids(pending.outside()), [id(3), id(5)]);
        pending.leave_journal();
        assert_eq!(ids(pending.outside()), [id(2), id(3), id(5)]);
        assert!(pending.has_sendable());
    }

    #[test]
    fn sync_6_what_does_not_build_on_a_lost_change_is_saved_without_it() {
        let edit = |context: &mut Context, patch: Value| context.patch(&patch).unwrap().concat();
        let (mut writer, mut other) = (Context::new(9), Context::new(10));
        edit(&mut writer, json!({"lost": 1}));
        let updates = [
            edit(&mut writer, json!({"first": 1})),
            edit(&mut writer, json!({"second": 1})),
            edit(&mut other, json!({"other": 1})),
        ];
        let mut pending = Pending::default();
        for (number, update) in (1..).zip(updates) {
            let body = RecordBody::Update(update);
            let record = JournalRecord { id: id(number), at_ms: 0, body };
            pending.learn(record, Place::Journaled, 0);
        }
        pending.mark_stuck(id(1));
        assert_eq!(pending.take(usize::MAX, usize::MAX).ids, [id(3)]);
    }
}
