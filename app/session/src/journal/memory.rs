//! The journal in memory: nothing else works. Gone with the page, and the page says so.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::ready;

use holdfast_domain::id::SessionId;
use holdfast_domain::sync::{RecordId, StorageTier};

use super::{Answered, Names, Raw, Settlement, Store, Table};

/// Keeps pending records and small things.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore {
    records: RefCell<BTreeMap<(SessionId, RecordId), Vec<u8>>>,
    things: RefCell<Vec<(Table, String, Vec<u8>)>>,
}

fn done<T: 'static>(value: T) -> Answered<T> {
    Box::pin(ready(Ok(value)))
}

impl Store for MemoryStore {
    fn tier(&self) -> StorageTier {
        StorageTier::Memory
    }

    fn open(&self) -> Answered<()> {
        done(())
    }

    fn append(&self, session: SessionId, records: Vec<(RecordId, Vec<u8>)>) -> Answered<()> {
        let mut held = self.records.borrow_mut();
        for (id, bytes) in records {
            held.entry((session, id)).or_insert(bytes);
        }
        done(())
    }

    fn load(&self, session: SessionId) -> Answered<Raw> {
        let records = self.records.borrow();
        let of_session = records.iter().filter(|((of, _), _)| *of == session);
        let records = of_session.map(|(_, bytes)| bytes.clone()).collect();
        done(Raw { records, ..Raw::default() })
    }

    fn pending(&self, session: SessionId) -> Answered<Raw> {
        self.load(session)
    }

    fn owing(&self) -> Answered<Vec<SessionId>> {
        done(self.records.borrow().keys().map(|(session, _)| *session).collect())
    }

    fn remove(&self, session: SessionId, records: Vec<RecordId>) -> Answered<()> {
        let mut held = self.records.borrow_mut();
        for id in records {
            held.remove(&(session, id));
        }
        done(())
    }

    fn settle(&self, session: SessionId, settlement: Settlement) -> Answered<()> {
        self.remove(session, settlement.acked)
    }

    fn compact(&self, _: SessionId, _: Vec<u8>, _: Names) -> Answered<()> {
        done(())
    }

    fn clear(&self, _: SessionId) -> Answered<()> {
        done(())
    }

    fn put(&self, table: Table, key: String, value: Option<Vec<u8>>) -> Answered<()> {
        let mut things = self.things.borrow_mut();
        things.retain(|(of, other, _)| *of != table || *other != key);
        if let Some(value) = value {
            things.push((table, key, value));
        }
        done(())
    }

    fn all(&self, table: Table, prefix: String) -> Answered<Vec<(String, Vec<u8>)>> {
        let things = self.things.borrow();
        let all = things.iter().filter(|(of, key, _)| *of == table && key.starts_with(&prefix));
        done(all.map(|(_, key, value)| (key.clone(), value.clone())).collect())
    }
}
