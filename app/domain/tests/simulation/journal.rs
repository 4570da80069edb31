//! What one browser keeps on its disk, with transactions that complete in order and may fail.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use holdfast_domain::id::TabId;
use holdfast_domain::sync::{
    JournalRecord, JournalState, RecordBody, RecordId, StorageTier, settled_position,
};
use holdfast_domain::wire::Position;

/// One transaction that a tab asked for.
pub(super) enum Transaction {
    Append(Vec<JournalRecord>),
    /// One step of a settlement, which takes each when the one before is complete.
    Settle(Failed, Step),
}

/// Whether a step of a settlement failed: then those after it are not taken. All its steps have the same.
pub(super) type Failed = Rc<Cell<bool>>;

pub(super) enum Step {
    Save { acked: Vec<RecordId>, received: Vec<Vec<u8>> },
    Forget(Vec<RecordId>),
    Advance { since: Option<Position>, position: Option<Position> },
}

#[derive(Default)]
pub(super) struct Journal {
    pub(super) pending: BTreeMap<RecordId, JournalRecord>,
    pub(super) saved: Vec<Vec<u8>>,
    pub(super) position: Option<Position>,
    /// Every record that was ever written to it since it was lost.
    pub(super) written: BTreeMap<RecordId, JournalRecord>,
    /// Those of them that the tab which made them wrote itself.
    pub(super) own: BTreeSet<RecordId>,
    /// Not completed yet, with the tab that waits for it.
    pub(super) queue: VecDeque<(TabId, Transaction)>,
    pub(super) fails: bool,
    pub(super) tier: StorageTier,
}

impl Journal {
    /// Carries out a transaction; what was appended, or what was not.
    pub(super) fn complete(
        &mut self,
        tab: TabId,
        transaction: Transaction,
    ) -> Result<Vec<RecordId>, Vec<RecordId>> {
        match transaction {
            Transaction::Append(records) => {
                let ids = records.iter().map(|record| record.id).collect();
                match self.tier {
                    // Each tab for itself, and gone with it.
                    StorageTier::Memory => Ok(ids),
                    _ if self.fails => Err(ids),
                    _ => {
                        for record in records {
                            self.written.insert(record.id, record.clone());
                            if record.id.tab == tab {
                                self.own.insert(record.id);
                            }
                            self.pending.insert(record.id, record);
                        }
                        Ok(ids)
                    }
                }
            }
            Transaction::Settle(failed, step) => {
                if self.fails || self.tier == StorageTier::Memory {
                    failed.set(true);
                }
                if !failed.get() {
                    self.take_step(step);
                }
                Ok(Vec::new())
            }
        }
    }

    fn take_step(&mut self, step: Step) {
        match step {
            Step::Save { acked, received } => {
                for id in acked {
                    if let Some(JournalRecord { body: RecordBody::Update(update), .. }) =
                        self.pending.get(&id)
                    {
                        self.saved.push(update.clone());
                    }
                }
                self.saved.extend(received);
            }
            Step::Forget(acked) => self.pending.retain(|id, _| !acked.contains(id)),
            Step::Advance { since, position } => {
                self.position = settled_position(self.position, since, position);
            }
        }
    }

    /// A page is gone: what it had asked for completes, what it would have asked next does not. Whether
    /// there was something of that kind.
    pub(super) fn lose_page(&mut self, page: TabId) -> bool {
        let mut asked: Vec<Failed> = Vec::new();
        let before = self.queue.len();
        self.queue.retain(|(tab, transaction)| match transaction {
            Transaction::Settle(of, _) if *tab == page => {
                let is_next = asked.iter().any(|known| Rc::ptr_eq(known, of));
                asked.push(of.clone());
                !is_next
            }
            _ => true,
        });
        self.queue.len() < before
    }

    pub(super) fn state(&self) -> JournalState {
        JournalState {
            pending: self.pending.values().cloned().collect(),
            position: self.position,
            waits: false,
        }
    }

    /// Everything in it that a document is built from.
    pub(super) fn updates(&self) -> impl Iterator<Item = &[u8]> {
        let pending = self.pending.values().filter_map(JournalRecord::update);
        self.saved.iter().map(Vec::as_slice).chain(pending)
    }

    /// Whether a record may build on one that was never written: its own tab did not come to write
    /// it and what it knew, or could not write something before it.
    pub(super) fn may_dangle(&self, id: RecordId) -> bool {
        let before = |id: &RecordId| RecordId { number: id.number - 1, ..*id };
        let mut gaps = self.written.keys().filter(|id| id.number > 1);
        !self.own.contains(&id) || gaps.any(|id| !self.written.contains_key(&before(id)))
    }

    /// The disk is lost, or cleared by the person.
    pub(super) fn lose(&mut self) {
        let (fails, tier) = (self.fails, self.tier);
        *self = Self { fails, tier, ..Self::default() };
    }
}
