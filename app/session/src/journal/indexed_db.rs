//! The journal in IndexedDB. An append is one transaction, `relaxed` and committed explicitly. A request
//! goes out when it is built, and a commit when its future is first polled: [`issued`] polls it in the
//! task that asked.

mod keys;
mod work;

use std::cell::RefCell;
use std::future::ready;
use std::rc::Rc;

use holdfast_domain::id::SessionId;
use holdfast_domain::sync::{RecordId, StorageTier};
use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;

use super::{Answered, Names, Raw, Settlement, Store, StoreError, Table};
use crate::browser::{Listener, issued};

/// The database's layout. Another number is another layout.
const VERSION: u8 = 1;
const RECORDS: &str = "records";
const SAVED: &str = "saved";
const BASES: &str = "bases";
const POSITIONS: &str = "positions";
const SESSIONS: &str = "sessions";
const VIEWS: &str = "views";

type Connection = Rc<RefCell<Option<Database>>>;

/// One profile's database.
pub(crate) struct IndexedDb {
    name: String,
    connection: Connection,
    listeners: Rc<RefCell<Vec<Listener>>>,
}

impl IndexedDb {
    pub(crate) fn new(profile: &str) -> Self {
        Self {
            name: format!("holdfast-{profile}"),
            connection: Connection::default(),
            listeners: Rc::default(),
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
}

async fn connect(name: String) -> Result<Database, StoreError> {
    let request = Database::open(name)
        .with_version(VERSION)
        .with_on_upgrade_needed(|_, database| {
            for store in [RECORDS, SAVED, BASES, POSITIONS, SESSIONS, VIEWS] {
                database.create_object_store(store).build()?;
            }
            Ok(())
        })
        .build()
        .map_err(|_| StoreError::Broken)?;
    request.await.map_err(|_| StoreError::Broken)
}

/// Another build that changes the layout must not wait for this page, and the browser may close the
/// connection (site data cleared): either way this store is broken until it is opened again.
fn watch(connection: &Connection, database: &Database) -> Vec<Listener> {
    ["versionchange", "close"]
        .map(|event| {
            let connection = connection.clone();
            Listener::new(database.as_sys(), event, move |_| {
                if let Some(database) = connection.borrow_mut().take() {
                    database.close();
                }
            })
        })
        .into()
}

impl Store for IndexedDb {
    fn tier(&self) -> StorageTier {
        StorageTier::IndexedDb
    }

    fn open(&self) -> Answered<()> {
        let name = self.name.clone();
        let connection = self.connection.clone();
        let listeners = self.listeners.clone();
        let old = connection.borrow_mut().take();
        issued(async move {
            if let Some(old) = old {
                if work::answers(&old).await {
                    connection.borrow_mut().replace(old);
                    return Ok(());
                }
                old.close();
            }
            let database = connect(name).await?;
            let watching = watch(&connection, &database);
            listeners.replace(watching);
            connection.borrow_mut().replace(database);
            Ok(())
        })
    }

    fn append(&self, session: SessionId, records: Vec<(RecordId, Vec<u8>)>) -> Answered<()> {
        self.run(|database| work::append(database, session, records))
    }

    fn load(&self, session: SessionId) -> Answered<Raw> {
        self.run(|database| work::load(database, session))
    }

    fn pending(&self, session: SessionId) -> Answered<Raw> {
        self.run(|database| work::pending(database, session))
    }

    fn owing(&self) -> Answered<Vec<SessionId>> {
        self.run(work::owing)
    }

    fn remove(&self, session: SessionId, records: Vec<RecordId>) -> Answered<()> {
        self.run(|database| work::remove(database, session, records))
    }

    fn settle(&self, session: SessionId, settlement: Settlement) -> Answered<()> {
        self.run(|database| work::settle(database, session, settlement))
    }

    fn compact(&self, session: SessionId, base: Vec<u8>, read: Names) -> Answered<()> {
        self.run(|database| work::compact(database, session, base, read))
    }

    fn put(&self, table: Table, key: String, value: Option<Vec<u8>>) -> Answered<()> {
        self.run(|database| work::put(database, store_of(table), key, value))
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
