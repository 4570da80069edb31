//! The journal in IndexedDB. An append is one transaction, `relaxed` and committed explicitly. A request
//! goes out when it is built, and a commit when its future is first polled: [`issued`] polls it in the
//! task that asked.

mod keys;
mod opening;
mod work;

use std::cell::{Cell, RefCell};
use std::future::ready;
use std::rc::Rc;

use holdfast_domain::id::SessionId;
use holdfast_domain::sync::{RecordId, StorageTier};
use indexed_db_futures::database::Database;

use self::opening::Opening;
use super::{Answered, Names, Raw, Settlement, Store, StoreError, Table};
use crate::browser::issued;
use crate::simulated::is_full;

/// The database's layout. Another number is another layout.
const VERSION: u8 = 1;
const RECORDS: &str = "records";
const SAVED: &str = "saved";
const BASES: &str = "bases";
const POSITIONS: &str = "positions";
const SESSIONS: &str = "sessions";
const VIEWS: &str = "views";
const STORES: [&str; 6] = [RECORDS, SAVED, BASES, POSITIONS, SESSIONS, VIEWS];

type Connection = Rc<RefCell<Option<Database>>>;

/// One profile's database.
pub(crate) struct IndexedDb {
    name: String,
    connection: Connection,
    opening: Rc<Opening>,
    parts: Rc<Cell<u64>>,
}

impl IndexedDb {
    pub(crate) fn new(profile: &str) -> Self {
        Self {
            name: format!("holdfast-{profile}"),
            connection: Connection::default(),
            opening: Rc::default(),
            parts: Rc::default(),
        }
    }

    fn run<T, F>(&self, work: impl FnOnce(Database) -> F) -> Answered<T>
    where
        T: 'static,
        F: Future<Output = Result<T, StoreError>> + 'static,
    {
        let connected = self.connection.borrow().clone();
        match connected {
            Some(database) => issued(work(database)),
            None => Box::pin(ready(Err(StoreError::Broken))),
        }
    }

    /// The same, for what takes room.
    fn written<F>(&self, work: impl FnOnce(Database) -> F) -> Answered<()>
    where
        F: Future<Output = Result<(), StoreError>> + 'static,
    {
        if is_full() { Box::pin(ready(Err(StoreError::Full))) } else { self.run(work) }
    }
}

impl Store for IndexedDb {
    fn tier(&self) -> StorageTier {
        StorageTier::IndexedDb
    }

    fn parts(&self) -> u64 {
        self.parts.get()
    }

    fn open(&self) -> Answered<()> {
        let connection = self.connection.clone();
        let connected = connection.borrow().clone();
        let opening = self.opening.clone();
        let name = self.name.clone();
        issued(async move {
            if let Some(connected) = connected {
                if work::answers(&connected).await {
                    return Ok(());
                }
                connection.borrow_mut().take();
                connected.close();
            }
            opening.opened(&name, &connection).await
        })
    }

    fn append(&self, session: SessionId, records: Vec<(RecordId, Vec<u8>)>) -> Answered<()> {
        self.written(|database| work::append(database, session, records))
    }

    fn load(&self, session: SessionId) -> Answered<Raw> {
        self.run(|database| work::load(database, session, self.parts.clone()))
    }

    fn pending(&self, session: SessionId) -> Answered<Raw> {
        self.run(|database| work::pending(database, session, self.parts.clone()))
    }

    fn owing(&self) -> Answered<Vec<SessionId>> {
        self.run(work::owing)
    }

    fn remove(&self, session: SessionId, records: Vec<RecordId>) -> Answered<()> {
        self.run(|database| work::remove(database, session, records))
    }

    fn settle(&self, session: SessionId, settlement: Settlement) -> Answered<()> {
        self.written(|database| work::settle(database, session, settlement))
    }

    fn compact(&self, session: SessionId, base: Vec<u8>, read: Names) -> Answered<()> {
        self.run(|database| work::compact(database, session, base, read))
    }

    fn clear(&self, session: SessionId) -> Answered<()> {
        self.run(|database| work::clear(database, session))
    }

    fn put(&self, table: Table, key: String, value: Option<Vec<u8>>) -> Answered<()> {
        self.written(|database| work::put(database, store_of(table), key, value))
    }

    fn all(&self, table: Table, prefix: String) -> Answered<Vec<(String, Vec<u8>)>> {
        self.run(|database| work::all(database, store_of(table), prefix))
    }
}

fn store_of(table: Table) -> &'static str {
    match table {
        Table::Sessions => SESSIONS,
        Table::Views => VIEWS,
    }
}
