//! The journal in the best store that works (CTX-3): IndexedDB, else localStorage, else memory.
//!
//! A store that fails or is silent for 2 s is left for the next one; [`Journal::improve`] finds out
//! whether a better one works again. After either, the sync engine is told and appends everything
//! that is pending to the new store, so that it is complete by itself.

mod inspecting;
mod things;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use holdfast_domain::id::{SessionId, TabId};
use holdfast_domain::sync::{JournalRecord, RecordId, StorageTier};
use holdfast_domain::wire;

use self::things::Putting;
use super::compaction::{compacted, is_worth_it};
use super::copying::missing;
use super::race::race;
use super::{Answered, Loaded, Raw, Settlement, Store, StoreError};

/// How long a store may be silent.
const SILENCE_MS: u32 = 2_000;
/// Reading a large session takes longer than writing a record.
const READING_MS: u32 = 5_000;
/// After so many settled updates a compaction is looked at.
const COMPACT_AFTER: usize = 500;

/// Something that ends after so many milliseconds.
pub(crate) type Sleep = Rc<dyn Fn(u32) -> Pin<Box<dyn Future<Output = ()>>>>;

/// All stores, from best to worst.
pub(crate) struct Journal {
    stores: Vec<Rc<dyn Store>>,
    sleep: Sleep,
    current: Cell<usize>,
    /// How often `current` has changed.
    moves: Cell<u64>,
    full: Cell<bool>,
    /// Updates settled since the last base, by session.
    since_base: RefCell<BTreeMap<SessionId, usize>>,
    putting: RefCell<Vec<Putting>>,
    /// The page goes: no write waits for another one of its key.
    leaving: Cell<bool>,
}

impl Journal {
    /// The last of the stores never fails.
    pub(crate) fn new(stores: Vec<Rc<dyn Store>>, sleep: Sleep) -> Self {
        Self {
            stores,
            sleep,
            current: Cell::new(0),
            moves: Cell::new(0),
            full: Cell::new(false),
            since_base: RefCell::default(),
            putting: RefCell::default(),
            leaving: Cell::default(),
        }
    }

    /// Where it is kept.
    pub(crate) fn tier(&self) -> StorageTier {
        self.store().1.map_or(StorageTier::Memory, |store| store.tier())
    }

    /// How often it moved from one store to another, there and back counting twice. Whoever relies
    /// on what it holds has to look again after each.
    pub(crate) fn moves(&self) -> u64 {
        self.moves.get()
    }

    /// Whether the last append met an exceeded quota.
    pub(crate) fn is_full(&self) -> bool {
        self.full.get()
    }

    /// Whether enough was settled since the last base to look at a compaction.
    pub(crate) fn wants_compaction(&self, session: SessionId) -> bool {
        self.since_base.borrow().get(&session).is_some_and(|settled| *settled >= COMPACT_AFTER)
    }

    fn note_settled(&self, session: SessionId, updates: usize) {
        *self.since_base.borrow_mut().entry(session).or_default() += updates;
    }

    /// Connects to the best store that answers.
    pub(crate) async fn open(&self) {
        while let (at, Some(store)) = self.store() {
            if self.answered(store.open(), SILENCE_MS).await.is_ok() || !self.fall_from(at) {
                break;
            }
        }
        self.move_things_up().await;
    }

    /// Appends records; the store is asked before this future first waits.
    pub(crate) async fn append(
        &self,
        session: SessionId,
        records: &[JournalRecord],
    ) -> Result<(), StoreError> {
        let sealed = sealed(records);
        let append = |store: &dyn Store| store.append(session, sealed.clone());
        let written = self.write(session, append).await;
        self.full.set(written == Err(StoreError::Full));
        written
    }

    /// Puts records into localStorage as well, before this returns: the page may be gone before the
    /// current store has them. [`Journal::load`] brings them back.
    pub(crate) fn put_aside(&self, session: SessionId, records: &[JournalRecord]) {
        for store in self.aside() {
            // It answers at once. One that is full keeps what fits: the others were never promised.
            drop(store.append(session, sealed(records)));
        }
    }

    /// The current store has these: what was put aside of them goes.
    pub(crate) fn take_back(&self, session: SessionId, records: &[RecordId]) {
        for store in self.aside() {
            drop(store.remove(session, records.to_vec()));
        }
    }

    /// Where records are put aside, beside the current store.
    fn aside(&self) -> impl Iterator<Item = &Rc<dyn Store>> {
        let worse = self.stores.iter().skip(self.current.get() + 1);
        worse.filter(|store| store.tier() == StorageTier::LocalStorage)
    }

    /// Takes the server's answer in. Where it fails, what was acknowledged is sent again after the
    /// next opening, and what was received is fetched again: the position stays behind it.
    pub(crate) async fn settle(&self, session: SessionId, settlement: Settlement) {
        let moves = self.moves.get();
        for mut portion in settlement.portions() {
            // A store that did not get all of them has not come so far.
            portion.position = portion.position.filter(|_| self.moves.get() == moves);
            let settle = |store: &dyn Store| store.settle(session, portion.clone());
            let settled = self.write(session, settle).await;
            // What is left in a worse store from the time it was the current one.
            for store in self.stores.iter().skip(self.current.get() + 1) {
                let acked = portion.acked.clone();
                self.answered(store.remove(session, acked), SILENCE_MS).await.ok();
            }
            if settled.is_err() {
                return;
            }
            self.note_settled(session, portion.acked.len() + portion.received.len());
        }
    }

    async fn write(
        &self,
        session: SessionId,
        ask: impl Fn(&dyn Store) -> Answered<()>,
    ) -> Result<(), StoreError> {
        let mut compacted = false;
        loop {
            let (at, Some(store)) = self.store() else { return Err(StoreError::Broken) };
            match self.answered(ask(store.as_ref()), SILENCE_MS).await {
                Ok(()) => return Ok(()),
                // Full is not broken: what is there is safe, and there may be room again.
                Err(StoreError::Full) if store.tier() == StorageTier::IndexedDb => {
                    if compacted
                        || self.compact_if(session, |raw| !raw.saved.is_empty()).await != Ok(true)
                    {
                        return Err(StoreError::Full);
                    }
                    compacted = true;
                }
                Err(error) => {
                    if !self.fall_from(at) {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Everything the stores hold of a session, merged. Records found in a worse store move to the
    /// current one.
    pub(crate) async fn load(&self, session: SessionId) -> Loaded {
        let (read, raws, whole) = self.read(|store| store.load(session), READING_MS).await;
        let loaded = Loaded { whole, ..Loaded::read(&raws) };
        let saved = raws.iter().map(|raw| raw.saved.len()).sum();
        self.since_base.borrow_mut().insert(session, saved);
        for (at, raw) in read.into_iter().zip(&raws) {
            self.adopt(session, at, raw).await;
        }
        loaded
    }

    /// Adds to `copy` what this device has of `source`; what it did not have.
    ///
    /// # Errors
    /// `Broken` where not all of both can be read now.
    pub(crate) async fn copy(
        &self,
        source: SessionId,
        copy: SessionId,
        tab: TabId,
        now_ms: i64,
    ) -> Result<Vec<JournalRecord>, StoreError> {
        let moves = self.moves.get();
        let (from, to) = (self.load(source).await, self.load(copy).await);
        if !from.whole || !to.whole {
            return Err(StoreError::Broken);
        }
        let records = missing(&from, &to, tab, now_ms);
        if records.is_empty() {
            return Ok(records);
        }
        self.append(copy, &records).await?;
        // In a worse store it would not outlive the original, in whose place it is to stand.
        if self.moves.get() == moves { Ok(records) } else { Err(StoreError::Broken) }
    }

    /// The records the stores hold of a session.
    pub(crate) async fn pending(&self, session: SessionId) -> Loaded {
        let (_, raws, whole) = self.read(|store| store.pending(session), SILENCE_MS).await;
        Loaded { whole, ..Loaded::read(&raws) }
    }

    /// The sessions of which some store holds records.
    pub(crate) async fn owing(&self) -> Vec<SessionId> {
        let mut all = Vec::new();
        for store in self.stores.iter().skip(self.current.get()) {
            all.extend(self.answered(store.owing(), SILENCE_MS).await.unwrap_or_default());
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What the stores answer, best first, which ones did, and whether all of them did. The worst is
    /// asked first: records only ever move to a better store, so none slips by on its way.
    async fn read(
        &self,
        ask: impl Fn(&dyn Store) -> Answered<Raw>,
        timeout_ms: u32,
    ) -> (Vec<usize>, Vec<Raw>, bool) {
        let (first, moves) = (self.current.get(), self.moves.get());
        let (mut read, mut raws) = (Vec::new(), Vec::new());
        for (at, store) in self.stores.iter().enumerate().skip(first).rev() {
            match self.answered(ask(store.as_ref()), timeout_ms).await {
                Ok(raw) => {
                    read.insert(0, at);
                    raws.insert(0, raw);
                }
                Err(_) => drop(self.fall_from(at)),
            }
        }
        let whole = raws.len() == self.stores.len() && self.moves.get() == moves;
        (read, raws, whole)
    }

    async fn adopt(&self, session: SessionId, at: usize, raw: &Raw) {
        let current = self.current.get();
        let Some(worse) = self.stores.get(at).filter(|_| at > current) else { return };
        let records = Loaded::read(std::slice::from_ref(raw)).pending;
        let ids: Vec<RecordId> = records.iter().map(|record| record.id).collect();
        if !ids.is_empty()
            && self.append(session, &records).await.is_ok()
            && self.current.get() == current
        {
            self.answered(worse.remove(session, ids), SILENCE_MS).await.ok();
        }
    }

    /// Removes all of a session that the server had; what it never got stays.
    pub(crate) async fn clear(&self, session: SessionId) -> Result<(), StoreError> {
        for store in &self.stores {
            self.answered(store.clear(session), READING_MS).await?;
        }
        Ok(())
    }

    /// Tries the better stores again; whether the journal moved to one of them. What that one holds
    /// from before should be read then.
    pub(crate) async fn improve(&self) -> bool {
        let before = self.current.get();
        for (at, store) in self.stores.iter().enumerate().take(before) {
            let works = self.answered(store.open(), SILENCE_MS).await.is_ok();
            if works && self.current.get() == before {
                self.move_to(at);
                self.move_things_up().await;
                return true;
            }
        }
        false
    }

    /// Whether the best store is only silent: blocked by another tab, or slow. One that says that it fails is
    /// not asked in vain.
    pub(crate) async fn may_come_back(&self) -> bool {
        let Some(best) = self.stores.first() else { return false };
        self.answered(best.open(), SILENCE_MS).await == Err(StoreError::Silent)
    }

    /// Replaces saved updates by a base, where that is worth it. Other tabs may do the same at the
    /// same time: each deletes only what it read.
    pub(crate) async fn compact(&self, session: SessionId) {
        let due = self.since_base.borrow_mut().remove(&session).unwrap_or(0);
        if self.compact_if(session, is_worth_it).await.is_err() {
            self.note_settled(session, due);
        }
    }

    /// Whether there was something to replace.
    async fn compact_if(
        &self,
        session: SessionId,
        worth: impl Fn(&Raw) -> bool,
    ) -> Result<bool, StoreError> {
        let (_, Some(store)) = self.store() else { return Ok(false) };
        if store.tier() != StorageTier::IndexedDb {
            return Ok(false);
        }
        let raw = self.answered(store.load(session), READING_MS).await?;
        let new = if worth(&raw) { compacted(&raw) } else { None };
        let Some((base, read)) = new else { return Ok(false) };
        self.answered(store.compact(session, base, read), READING_MS).await?;
        Ok(true)
    }

    fn store(&self) -> (usize, Option<Rc<dyn Store>>) {
        let at = self.current.get();
        (at, self.stores.get(at).cloned())
    }

    fn fall_from(&self, at: usize) -> bool {
        if self.current.get() != at {
            return true;
        }
        if at + 1 >= self.stores.len() {
            return false;
        }
        self.move_to(at + 1);
        true
    }

    fn move_to(&self, at: usize) {
        self.current.set(at);
        self.moves.set(self.moves.get() + 1);
    }

    /// What a store answers, unless it is silent for so long. One that gives much part by part is not.
    async fn answered<T>(&self, mut answer: Answered<T>, timeout_ms: u32) -> Result<T, StoreError> {
        let parts = || self.stores.iter().map(|store| store.parts()).sum::<u64>();
        loop {
            let before = parts();
            match race(answer.as_mut(), (self.sleep)(timeout_ms)).await {
                Some(answer) => return answer,
                None if parts() == before => return Err(StoreError::Silent),
                None => {}
            }
        }
    }
}

fn sealed(records: &[JournalRecord]) -> Vec<(RecordId, Vec<u8>)> {
    records.iter().map(|record| (record.id, wire::seal(record))).collect()
}

#[cfg(test)]
mod tests;
