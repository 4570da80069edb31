//! Getting every change into the journal in the step that made it, and again until it is there
//! (CTX-2 to CTX-4).

use super::Engine;
use super::pending::{Place, in_order};
use crate::sync::backoff::Backoff;
use crate::sync::{
    ChangeOrigin, Effect, JournalRecord, PeerMessage, RecordBody, RecordId, StorageTier, Urgency,
};

/// A sibling's record that it has not journaled for so long is journaled here: it may be dead.
const ADOPT_AFTER_MS: i64 = 3_000;

/// How appending goes.
#[derive(Debug, Default)]
pub(super) struct Journal {
    last_number: u64,
    /// The time in the newest record of this tab, and in the newest of any other.
    made_ms: i64,
    heard_ms: i64,
    /// The last append that ended was refused.
    pub(super) failed: bool,
    backoff: Backoff,
    pub(super) retry_at_ms: Option<i64>,
    /// When the journal last took something of this browser.
    pub(super) journaled_at_ms: Option<i64>,
}

impl Engine {
    pub(super) fn edited(&mut self, bodies: Vec<RecordBody>, urgency: Urgency) {
        let mut records = Vec::with_capacity(bodies.len());
        for body in bodies {
            self.journal.last_number += 1;
            // Later than what it may build on, also where the clocks or the milliseconds are equal.
            let after_others = self.journal.heard_ms.saturating_add(1);
            self.journal.made_ms = self.now_ms.max(self.journal.made_ms).max(after_others);
            let id = RecordId { tab: self.options.tab, number: self.journal.last_number };
            let record = JournalRecord { id, at_ms: self.journal.made_ms, body };
            records.push(record.clone());
            self.pending.learn(record, Place::Memory, self.now_ms);
        }
        self.append();
        if records.is_empty() {
            return;
        }
        self.link.active = true;
        let tab = self.options.tab;
        self.emit(Effect::Broadcast(PeerMessage::Edited { tab, records }));
        match urgency {
            Urgency::Routine if self.tier == StorageTier::IndexedDb => {}
            Urgency::Routine => self.save_soon(),
            Urgency::AtOnce => self.save_now(),
            Urgency::Leaving => self.leave(),
        }
    }

    /// Takes in a record that another tab made or that was in the journal; whether it is new.
    pub(super) fn learn(&mut self, record: JournalRecord, place: Place) -> bool {
        self.journal.heard_ms = self.journal.heard_ms.max(record.at_ms);
        let (id, at_ms) = (record.id, record.at_ms);
        let new = self.pending.learn(record, place, self.now_ms);
        if place == Place::Journaled {
            self.pending.set_place(id, place);
            if new {
                self.journal.journaled_at_ms = self.journal.journaled_at_ms.max(Some(at_ms));
            }
        }
        new
    }

    /// Takes in records that other tabs made, the document as well; whether any is new.
    pub(super) fn learn_all(&mut self, records: Vec<JournalRecord>, place: Place) -> bool {
        let mut any = false;
        for record in records {
            let update = record.update().map(Vec::from);
            // One that was acknowledged is applied too: the settlement may have come first.
            let waits = self.pending.get(record.id).is_some();
            any |= self.learn(record, place);
            if let Some(update) = update.filter(|_| !waits) {
                self.emit(Effect::Apply { update, origin: ChangeOrigin::OtherTab });
            }
        }
        any
    }

    /// Appends whatever is neither in the journal nor on its way. What siblings made comes along:
    /// a change must never be in the journal without those it builds on.
    pub(super) fn append(&mut self) {
        self.journal.retry_at_ms = None;
        let left = self.pending.outside().filter(|waiting| waiting.place != Place::Appending);
        let records: Vec<_> = in_order(left).into_iter().cloned().collect();
        if records.is_empty() {
            return;
        }
        self.set_place(records.iter().map(|record| record.id), Place::Appending);
        self.emit(Effect::Append(records));
    }

    pub(super) fn journaled(&mut self, ids: Vec<RecordId>) {
        self.journal.failed = false;
        self.journal.backoff.reset();
        self.journal.journaled_at_ms = Some(self.now_ms);
        self.set_place(ids.iter().copied(), Place::Journaled);
        self.settle_again(ids.iter().copied());
        if self.tier != StorageTier::Memory {
            let tab = self.options.tab;
            self.emit(Effect::Broadcast(PeerMessage::Journaled { tab, records: ids }));
        }
    }

    pub(super) fn journal_failed(&mut self, ids: &[RecordId]) {
        self.journal.failed = true;
        for id in ids {
            if self.pending.get(*id).is_some_and(|waiting| waiting.place == Place::Appending) {
                self.pending.set_place(*id, Place::Memory);
            }
        }
        let wait_ms = self.journal.backoff.next_ms(&mut self.rng);
        self.journal.retry_at_ms.get_or_insert(self.now_ms.saturating_add(wait_ms));
    }

    /// The new store gets everything, so that the journal does not depend on the one that failed.
    pub(super) fn change_tier(&mut self, tier: StorageTier) {
        self.tier = tier;
        self.journal.failed = false;
        self.journal.backoff.reset();
        self.pending.leave_journal();
        self.append();
        if !self.speaks() && tier != StorageTier::IndexedDb && self.pending.has_sendable() {
            self.save_soon();
        }
    }

    /// Siblings have these in the journal.
    pub(super) fn set_place(&mut self, ids: impl IntoIterator<Item = RecordId>, place: Place) {
        for id in ids {
            self.pending.set_place(id, place);
        }
    }

    /// Whether a record in this place survives the page.
    pub(super) fn keeps(&self, place: Place) -> bool {
        place == Place::Journaled && self.tier != StorageTier::Memory
    }

    /// A tab is gone: what it had not journaled is journaled here.
    pub(super) fn adopt(&mut self, tab: crate::id::TabId) {
        let orphan = |place, id: RecordId| place == Place::Sibling && id.tab == tab;
        if self.pending.outside().any(|waiting| orphan(waiting.place, waiting.record.id)) {
            self.append();
        }
    }

    pub(super) fn append_due(&mut self) {
        if self.append_wake_ms().is_some_and(|at_ms| at_ms <= self.now_ms) {
            self.append();
        }
    }

    pub(super) fn append_wake_ms(&self) -> Option<i64> {
        let siblings = self.pending.outside().filter(|waiting| waiting.place == Place::Sibling);
        let adopt_at_ms = siblings.map(|waiting| waiting.since_ms.saturating_add(ADOPT_AFTER_MS));
        adopt_at_ms.min().into_iter().chain(self.journal.retry_at_ms).min()
    }
}
