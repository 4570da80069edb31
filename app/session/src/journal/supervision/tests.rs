use std::collections::BTreeSet;
use std::future::{pending, poll_fn, ready};
use std::task::Poll;

use futures::executor::block_on;
use holdfast_domain::id::{IncarnationId, TabId};
use holdfast_domain::sync::RecordBody;
use holdfast_domain::wire::{Position, WireBytes};
use uuid::Uuid;

use super::super::memory::MemoryStore;
use super::super::{Names, Store, Table};
use super::*;

mod things;

/// A store of a given tier that does what a test wants.
struct Fake {
    tier: StorageTier,
    error: Cell<Option<StoreError>>,
    /// How many parts it gives before all of them are there, and how many it has given.
    slow: Rc<Cell<u64>>,
    parts: Rc<Cell<u64>>,
    inner: MemoryStore,
    compacted: RefCell<Vec<Names>>,
    saved: RefCell<Vec<(String, Vec<u8>)>>,
    settled: RefCell<Vec<Settlement>>,
}

impl Fake {
    fn new(tier: StorageTier) -> Rc<Self> {
        Rc::new(Self {
            tier,
            error: Cell::new(None),
            slow: Rc::default(),
            parts: Rc::default(),
            inner: MemoryStore::default(),
            compacted: RefCell::default(),
            saved: RefCell::default(),
            settled: RefCell::default(),
        })
    }

    fn fail(&self, error: impl Into<Option<StoreError>>) {
        self.error.set(error.into());
    }

    fn held(&self) -> Vec<u64> {
        self.error.set(None);
        let raw = block_on(self.inner.load(session())).unwrap();
        Loaded::read(&[raw]).pending.iter().map(|record| record.id.number).collect()
    }

    fn thing(&self, key: &str) -> Option<Vec<u8>> {
        let things = block_on(self.inner.all(Table::Views, key.into())).unwrap();
        things.into_iter().next().map(|(_, value)| value)
    }

    fn answer<T: 'static>(&self, work: impl FnOnce() -> Answered<T>) -> Answered<T> {
        let (slow, parts) = (self.slow.clone(), self.parts.clone());
        match self.error.get() {
            None if slow.get() > 0 => {
                let mut done = work();
                Box::pin(poll_fn(move |context| {
                    if slow.get() == 0 {
                        return done.as_mut().poll(context);
                    }
                    slow.set(slow.get() - 1);
                    parts.set(parts.get() + 1);
                    Poll::Pending
                }))
            }
            None => work(),
            Some(StoreError::Silent) => Box::pin(pending()),
            Some(error) => Box::pin(ready(Err(error))),
        }
    }
}

impl Store for Fake {
    fn tier(&self) -> StorageTier {
        self.tier
    }

    fn parts(&self) -> u64 {
        self.parts.get()
    }

    fn open(&self) -> Answered<()> {
        self.answer(|| self.inner.open())
    }

    fn append(&self, session: SessionId, records: Vec<(RecordId, Vec<u8>)>) -> Answered<()> {
        self.answer(|| self.inner.append(session, records))
    }

    fn load(&self, session: SessionId) -> Answered<Raw> {
        // A full store can still be read.
        let held = self.inner.load(session);
        let saved = self.saved.borrow().clone();
        let full = self.error.get() == Some(StoreError::Full);
        let read =
            || -> Answered<Raw> { Box::pin(async move { Ok(Raw { saved, ..held.await? }) }) };
        if full { read() } else { self.answer(read) }
    }

    fn pending(&self, session: SessionId) -> Answered<Raw> {
        self.load(session)
    }

    fn owing(&self) -> Answered<Vec<SessionId>> {
        self.answer(|| self.inner.owing())
    }

    fn remove(&self, session: SessionId, records: Vec<RecordId>) -> Answered<()> {
        self.answer(|| self.inner.remove(session, records))
    }

    fn settle(&self, session: SessionId, settlement: Settlement) -> Answered<()> {
        self.answer(|| {
            self.settled.borrow_mut().push(settlement.clone());
            self.inner.settle(session, settlement)
        })
    }

    fn compact(&self, _: SessionId, _: Vec<u8>, read: Names) -> Answered<()> {
        // Room again.
        self.error.set(None);
        self.compacted.borrow_mut().push(read);
        Box::pin(ready(Ok(())))
    }

    fn clear(&self, _: SessionId) -> Answered<()> {
        Box::pin(ready(Ok(())))
    }

    fn put(&self, table: Table, key: String, value: Option<Vec<u8>>) -> Answered<()> {
        self.answer(|| self.inner.put(table, key, value))
    }

    fn all(&self, table: Table, prefix: String) -> Answered<Vec<(String, Vec<u8>)>> {
        self.answer(|| self.inner.all(table, prefix))
    }
}

struct Bench {
    indexed_db: Rc<Fake>,
    local_storage: Rc<Fake>,
    memory: Rc<Fake>,
    journal: Journal,
}

fn bench() -> Bench {
    let indexed_db = Fake::new(StorageTier::IndexedDb);
    let local_storage = Fake::new(StorageTier::LocalStorage);
    let memory = Fake::new(StorageTier::Memory);
    let stores: Vec<Rc<dyn Store>> =
        vec![indexed_db.clone(), local_storage.clone(), memory.clone()];
    // Whoever does not answer at once does not answer in time.
    let journal = Journal::new(stores, Rc::new(|_| Box::pin(ready(()))));
    Bench { indexed_db, local_storage, memory, journal }
}

fn session() -> SessionId {
    SessionId::from(Uuid::from_u128(1))
}

fn record(number: u64) -> JournalRecord {
    JournalRecord {
        id: RecordId { tab: TabId::from(Uuid::nil()), number },
        at_ms: 0,
        body: RecordBody::Update(vec![1]),
    }
}

fn acked(record: &JournalRecord) -> Settlement {
    Settlement { acked: vec![record.id], ..Settlement::default() }
}

#[test]
fn ctx_3_a_missing_silent_or_failing_store_is_left_at_open() {
    for error in [StoreError::Broken, StoreError::Silent] {
        let bench = bench();
        bench.indexed_db.fail(error);
        block_on(bench.journal.open());
        assert_eq!(bench.journal.tier(), StorageTier::LocalStorage);
        bench.local_storage.fail(error);
        block_on(bench.journal.append(session(), &[record(1)])).unwrap();
        assert_eq!(bench.journal.tier(), StorageTier::Memory);
        assert_eq!(bench.memory.held(), vec![1]);
    }
}

#[test]
fn ctx_3_a_store_that_gives_much_part_by_part_is_not_silent() {
    let bench = bench();
    block_on(bench.journal.append(session(), &[record(1)])).unwrap();
    bench.indexed_db.slow.set(3);
    let loaded = block_on(bench.journal.load(session()));
    assert_eq!((loaded.pending.len(), loaded.whole), (1, true));
    assert_eq!(bench.journal.tier(), StorageTier::IndexedDb);
}

#[test]
fn ctx_3_a_store_that_fails_later_is_left_in_the_middle_of_a_write() {
    for error in [StoreError::Broken, StoreError::Silent] {
        let bench = bench();
        block_on(bench.journal.append(session(), &[record(1)])).unwrap();
        bench.indexed_db.fail(error);
        block_on(bench.journal.append(session(), &[record(2)])).unwrap();
        assert_eq!(bench.journal.tier(), StorageTier::LocalStorage);
        assert_eq!(bench.local_storage.held(), vec![2]);
    }
}

#[test]
fn ctx_2_what_was_put_aside_is_read_with_the_rest_and_gone_when_the_server_has_it() {
    let bench = bench();
    block_on(bench.journal.append(session(), &[record(1)])).unwrap();
    bench.journal.put_aside(session(), &[record(1), record(2)]);
    assert_eq!(bench.local_storage.held(), vec![1, 2]);
    assert_eq!(bench.journal.tier(), StorageTier::IndexedDb);
    assert_eq!(bench.memory.held(), Vec::<u64>::new());

    let loaded = block_on(bench.journal.load(session()));
    assert_eq!(loaded.pending, [record(1), record(2)]);
    assert_eq!(bench.indexed_db.held(), vec![1, 2]);
    assert_eq!(bench.local_storage.held(), Vec::<u64>::new());

    bench.journal.put_aside(session(), &[record(2)]);
    block_on(bench.journal.settle(session(), acked(&record(2))));
    assert_eq!(bench.local_storage.held(), Vec::<u64>::new());
}

#[test]
fn ctx_3_the_journal_moves_back_when_the_better_store_works_again() {
    let bench = bench();
    bench.indexed_db.fail(StoreError::Silent);
    block_on(bench.journal.append(session(), &[record(1)])).unwrap();
    assert!(!block_on(bench.journal.improve()));
    bench.indexed_db.fail(None);
    assert!(block_on(bench.journal.improve()));
    assert_eq!(bench.journal.tier(), StorageTier::IndexedDb);
    // What was left behind goes with its acknowledgement.
    assert_eq!(bench.local_storage.held(), vec![1]);
    block_on(bench.journal.settle(session(), acked(&record(1))));
    assert_eq!(bench.local_storage.held(), Vec::<u64>::new());
}

#[test]
fn ctx_3_loading_moves_what_a_worse_store_holds_to_the_better_one() {
    let bench = bench();
    let left_behind = vec![(record(7).id, wire::seal(&record(7)))];
    block_on(bench.local_storage.append(session(), left_behind)).unwrap();
    let loaded = block_on(bench.journal.load(session()));
    assert_eq!(loaded.pending, vec![record(7)]);
    assert_eq!(bench.indexed_db.held(), vec![7]);
    assert_eq!(bench.local_storage.held(), Vec::<u64>::new());
}

#[test]
fn ctx_4_much_is_settled_in_portions_and_only_the_last_one_reaches_the_position() {
    let position = Some(Position { incarnation: IncarnationId::from(Uuid::nil()), seq: 7 });
    let of = |number| RecordId { tab: TabId::from(Uuid::nil()), number };
    let received = vec![vec![1], vec![2]];
    let acked: Vec<RecordId> = (1..=1_200).map(of).collect();
    let settlement = || {
        let (name, acked, received) = ("s".into(), acked.clone(), received.clone());
        Settlement { name, acked, received, since: None, position }
    };
    let bench = bench();
    block_on(bench.journal.settle(session(), settlement()));
    let settled = bench.indexed_db.settled.take();
    assert_eq!(settled.iter().flat_map(|part| part.acked.clone()).collect::<Vec<_>>(), acked);
    assert_eq!(settled.iter().flat_map(|part| part.received.clone()).collect::<Vec<_>>(), received);
    let positions: Vec<_> = settled.iter().map(|part| part.position).collect();
    assert_eq!(positions, [None, None, position]);
    let names: BTreeSet<_> = settled.iter().map(|part| &part.name).collect();
    assert_eq!(names.len(), 3, "the names of two portions' updates would be the same");

    // The next store did not get what the one before had of it.
    bench.indexed_db.fail(StoreError::Silent);
    block_on(bench.journal.settle(session(), settlement()));
    let settled = bench.local_storage.settled.take();
    assert_eq!(settled.iter().filter_map(|part| part.position).count(), 0);
}

#[test]
fn ctx_4_a_full_store_is_compacted_before_anything_is_said() {
    let bench = bench();
    let mut context = holdfast_domain::Context::new(1);
    let update = context.patch(&serde_json::json!({"a": 1})).unwrap().concat();
    bench.indexed_db.saved.borrow_mut().push(("s".into(), wire::seal(&WireBytes(update))));
    bench.indexed_db.fail(StoreError::Full);
    block_on(bench.journal.append(session(), &[record(1)])).unwrap();
    assert!(!bench.journal.is_full());
    assert_eq!(bench.indexed_db.compacted.borrow().len(), 1);
    assert_eq!(bench.indexed_db.held(), vec![1]);
}

#[test]
fn ctx_4_a_store_that_stays_full_says_so_keeps_its_place_and_recovers() {
    let bench = bench();
    bench.indexed_db.fail(StoreError::Full);
    let refused = block_on(bench.journal.append(session(), &[record(1)]));
    assert_eq!(refused, Err(StoreError::Full));
    assert!(bench.journal.is_full());
    assert_eq!(bench.journal.tier(), StorageTier::IndexedDb);
    bench.indexed_db.fail(None);
    block_on(bench.journal.append(session(), &[record(1)])).unwrap();
    assert!(!bench.journal.is_full());
    assert_eq!(bench.indexed_db.held(), vec![1]);
}

#[test]
fn ctx_2_an_append_asks_the_store_before_it_first_waits() {
    let bench = bench();
    let records = [record(1)];
    let append = bench.journal.append(session(), &records);
    let mut append = std::pin::pin!(append);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let _ = append.as_mut().poll(&mut context);
    assert_eq!(bench.indexed_db.held(), vec![1]);
}

#[test]
fn ctx_6_what_a_silent_store_holds_is_not_taken_for_acknowledged() {
    let bench = bench();
    block_on(bench.journal.append(session(), &[record(1)])).unwrap();
    let known = || BTreeSet::from([record(1).id]);
    assert!(block_on(bench.journal.load(session())).acked_of(&known()).is_empty());
    let moves = bench.journal.moves();
    bench.indexed_db.fail(StoreError::Silent);
    assert!(block_on(bench.journal.load(session())).acked_of(&known()).is_empty());
    assert!(block_on(bench.journal.pending(session())).acked_of(&known()).is_empty());
    assert_ne!(bench.journal.moves(), moves);
    bench.indexed_db.fail(None);
    assert!(block_on(bench.journal.improve()));
    block_on(bench.journal.settle(session(), acked(&record(1))));
    assert_eq!(block_on(bench.journal.load(session())).acked_of(&known()), [record(1).id]);
}

#[test]
fn ctx_5_the_journal_knows_which_sessions_the_server_does_not_have_yet() {
    let bench = bench();
    let other = SessionId::from(Uuid::from_u128(2));
    block_on(bench.journal.append(other, &[record(1), record(2)])).unwrap();
    bench.indexed_db.fail(StoreError::Full);
    let left_behind = vec![(record(7).id, wire::seal(&record(7)))];
    block_on(bench.local_storage.append(session(), left_behind)).unwrap();
    bench.indexed_db.fail(None);
    assert_eq!(block_on(bench.journal.owing()), [session(), other]);
}
