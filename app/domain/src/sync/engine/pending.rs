//! The records of this browser that the server has not acknowledged (CTX-5).

use std::collections::{BTreeMap, VecDeque};

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

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Pending {
    records: BTreeMap<RecordId, Waiting>,
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
        let waiting = Waiting { place, held: None, since_ms: now_ms, record };
        self.records.insert(waiting.record.id, waiting);
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
        for waiting in &settled {
            self.acked.insert(waiting.record.id);
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

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Waiting> {
        self.records.values_mut()
    }

    pub(super) fn get_mut(&mut self, id: RecordId) -> Option<&mut Waiting> {
        self.records.get_mut(&id)
    }

    /// Whether something can be sent.
    pub(super) fn has_sendable(&self) -> bool {
        self.records.values().any(|waiting| waiting.held.is_none())
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
            for (client, ranges) in scan.inserts {
                let start = ranges.first().map_or(u32::MAX, |range| range.0);
                let from = missing.entry(client).or_insert(start);
                *from = start.min(*from);
            }
        }
    }

    pub(super) fn has_stuck(&self) -> bool {
        self.records.values().any(|waiting| waiting.held == Some(Held::Stuck))
    }

    /// Lets stuck records go with the others again; with `refused`, refused ones as well.
    pub(super) fn release(&mut self, refused: bool) {
        for waiting in self.records.values_mut() {
            if refused || waiting.held == Some(Held::Stuck) {
                waiting.held = None;
            }
        }
    }

    /// Those that `filter` chooses by the time they were made, but each tab's by number: a tab's
    /// clock may have been set back, its records build on each other all the same.
    pub(super) fn in_order(&self, filter: impl Fn(&Waiting) -> bool) -> Vec<&JournalRecord> {
        let chosen = || self.records.values().filter(|waiting| filter(waiting));
        let mut tabs: BTreeMap<TabId, VecDeque<&JournalRecord>> = BTreeMap::new();
        let mut slots = Vec::new();
        for Waiting { record, .. } in chosen() {
            tabs.entry(record.id.tab).or_default().push_back(record);
            slots.push((record.at_ms, record.id));
        }
        slots.sort_unstable();
        slots
            .into_iter()
            .filter_map(|(_, id)| tabs.get_mut(&id.tab).and_then(VecDeque::pop_front))
            .collect()
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
        let mut records =
            self.in_order(|waiting| waiting.held.is_none() && !sent.contains(&waiting.record.id));
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
        let id = |number| RecordId { tab: TabId::from(Uuid::nil()), number };
        for (number, update) in (1..).zip(updates) {
            let body = RecordBody::Update(update);
            let record = JournalRecord { id: id(number), at_ms: 0, body };
            pending.learn(record, Place::Journaled, 0);
        }
        pending.mark_stuck(id(1));
        assert_eq!(pending.take(usize::MAX, usize::MAX).ids, [id(3)]);
    }
}
