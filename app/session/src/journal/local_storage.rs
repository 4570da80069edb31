//! The journal in localStorage: IndexedDB does not work. Only what the server has not acknowledged
//! is kept, 5 MB of it at most; a browser keeps it in memory for seconds before it is on disk.

use std::cell::Cell;
use std::future::ready;

use gloo_storage::errors::StorageError;
use gloo_storage::{LocalStorage, Storage};
use holdfast_domain::id::{SessionId, TabId};
use holdfast_domain::limits;
use holdfast_domain::sync::{RecordId, StorageTier};

use crate::browser::{has_local_storage, local_keys};

use super::{Answered, Names, Raw, Settlement, Store, StoreError, Table};

/// One profile's part of localStorage.
pub(crate) struct LocalStorageStore {
    profile: String,
    /// Bytes this page keeps here, as stored.
    used: Cell<usize>,
    /// So many were refused, keys included; the journal has no place here until they fit.
    refused: Cell<usize>,
}

impl LocalStorageStore {
    pub(crate) fn new(profile: &str) -> Self {
        Self { profile: profile.into(), used: Cell::new(0), refused: Cell::new(0) }
    }

    fn records(&self) -> String {
        format!("holdfast.record.{}.", self.profile)
    }

    fn records_of(&self, session: SessionId) -> String {
        format!("{}{session}.", self.records())
    }

    fn key(&self, session: SessionId, id: RecordId) -> String {
        format!("{}{}.{}", self.records_of(session), id.tab, id.number)
    }

    fn table(&self, table: Table) -> String {
        let name = match table {
            Table::Sessions => "session",
            Table::Views => "view",
        };
        format!("holdfast.{name}.{}.", self.profile)
    }

    fn write(&self, key: &str, bytes: &[u8]) -> Result<(), StoreError> {
        check()?;
        self.write_text(key, encode(bytes).ok_or(StoreError::Broken)?)
    }

    fn write_text(&self, key: &str, text: String) -> Result<(), StoreError> {
        let before = LocalStorage::get::<String>(key).map_or(0, |text| text.len());
        let used = self.used.get().saturating_sub(before) + text.len();
        if used > limits::LOCAL_STORAGE_BYTES {
            return Err(StoreError::Full);
        }
        LocalStorage::set(key, text).map_err(|error| match error {
            StorageError::JsError(error) if error.name == "QuotaExceededError" => StoreError::Full,
            _ => StoreError::Broken,
        })?;
        self.used.set(used);
        Ok(())
    }

    fn delete(&self, key: &str) {
        if let Ok(text) = LocalStorage::get::<String>(key) {
            self.used.set(self.used.get().saturating_sub(text.len()));
            LocalStorage::delete(key);
        }
    }
}

fn answer<T: 'static>(result: Result<T, StoreError>) -> Answered<T> {
    Box::pin(ready(result))
}

fn check() -> Result<(), StoreError> {
    has_local_storage().then_some(()).ok_or(StoreError::Broken)
}

fn keys(prefix: &str) -> Result<Vec<String>, StoreError> {
    check().map(|()| local_keys(prefix))
}

fn read(key: &str) -> Option<Vec<u8>> {
    decode(&LocalStorage::get::<String>(key).ok()?)
}

/// Base64, by the browser's own coder.
fn encode(bytes: &[u8]) -> Option<String> {
    let latin: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    web_sys::window()?.btoa(&latin).ok()
}

/// How long the text of so many bytes is.
fn encoded_len(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(3).saturating_mul(4)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let latin = web_sys::window()?.atob(text).ok()?;
    latin.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
}

impl Store for LocalStorageStore {
    fn tier(&self) -> StorageTier {
        StorageTier::LocalStorage
    }

    /// Works where there is room for what was refused: otherwise the journal would come back every
    /// few seconds only to be refused again.
    fn open(&self) -> Answered<()> {
        let probe = format!("holdfast.probe.{}", self.profile);
        let room = "A".repeat(self.refused.get().max(1));
        let written = check().and_then(|()| self.write_text(&probe, room));
        match written {
            Ok(()) => {
                self.delete(&probe);
                self.refused.set(0);
            }
            // What was refused may be on the server by now: the claim to room for it wears off.
            Err(_) => self.refused.set(self.refused.get() / 16 * 15),
        }
        answer(written)
    }

    fn append(&self, session: SessionId, records: Vec<(RecordId, Vec<u8>)>) -> Answered<()> {
        let keyed = records.iter().map(|(id, bytes)| (self.key(session, *id), bytes));
        let keyed: Vec<_> = keyed.collect();
        for (at, (key, bytes)) in keyed.iter().enumerate() {
            if let Err(error) = self.write(key, bytes) {
                let left = keyed.iter().skip(at);
                self.refused.set(left.map(|(key, bytes)| key.len() + encoded_len(bytes)).sum());
                return answer(Err(error));
            }
        }
        answer(Ok(()))
    }

    fn load(&self, session: SessionId) -> Answered<Raw> {
        let records = keys(&self.records_of(session))
            .map(|keys| keys.iter().filter_map(|key| read(key)).collect());
        answer(records.map(|records| Raw { records, ..Raw::default() }))
    }

    fn pending(&self, session: SessionId) -> Answered<Raw> {
        self.load(session)
    }

    fn owing(&self) -> Answered<Vec<SessionId>> {
        let stem = self.records();
        let session = |key: &String| key.strip_prefix(&stem)?.split('.').next()?.parse().ok();
        answer(keys(&stem).map(|keys| keys.iter().filter_map(session).collect()))
    }

    fn remove(&self, session: SessionId, records: Vec<RecordId>) -> Answered<()> {
        answer(check().map(|()| {
            for id in records {
                self.delete(&self.key(session, id));
            }
        }))
    }

    fn settle(&self, session: SessionId, settlement: Settlement) -> Answered<()> {
        self.remove(session, settlement.acked)
    }

    fn compact(&self, _: SessionId, _: Vec<u8>, _: Names) -> Answered<()> {
        answer(Ok(()))
    }

    fn clear(&self, _: SessionId) -> Answered<()> {
        answer(Ok(()))
    }

    fn put(&self, table: Table, key: String, value: Option<Vec<u8>>) -> Answered<()> {
        let key = format!("{}{key}", self.table(table));
        answer(match value {
            Some(value) => self.write(&key, &value),
            None => check().map(|()| self.delete(&key)),
        })
    }

    fn all(&self, table: Table, prefix: String) -> Answered<Vec<(String, Vec<u8>)>> {
        let stem = self.table(table);
        let all = keys(&format!("{stem}{prefix}")).map(|keys| {
            let with_value = |key: String| Some((key.strip_prefix(&stem)?.to_owned(), read(&key)?));
            keys.into_iter().filter_map(with_value).collect()
        });
        answer(all)
    }
}

/// Where the tabs of a session poke each other when there is no channel: writing it fires `storage`
/// events in the others.
pub(crate) fn poke_key(profile: &str, session: SessionId) -> String {
    format!("holdfast.poke.{profile}.{session}")
}

/// Tells the other tabs that there is something to read.
pub(crate) fn poke(profile: &str, session: SessionId, tab: TabId, now_ms: i64) {
    if check().is_ok() {
        LocalStorage::set(poke_key(profile, session), (tab, now_ms)).ok();
    }
}
