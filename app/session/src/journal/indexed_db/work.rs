//! The transactions.
//!
//! One that holds the store of the records is over without this page: all it asks is asked at once and
//! committed in the same step. What waits behind a transaction in the browser is lost when the page is
//! killed, committed or not, so an append must never wait for one that waits for a page (CTX-2). Nor
//! for the disk: only a new base is `strict`, which deletes what it replaces.

use std::cell::Cell;
use std::rc::Rc;

use holdfast_domain::Environment;
use holdfast_domain::id::SessionId;
use holdfast_domain::sync::{JournalRecord, RecordBody, RecordId, settled_position};
use holdfast_domain::wire::{self, Position, WireBytes};
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions,
};
use wasm_bindgen::JsValue;

use super::super::{Names, Raw, Settlement, StoreError};
use super::{BASES, POSITIONS, RECORDS, SAVED, keys};
use crate::browser::Browser;

type Result<T, E = StoreError> = std::result::Result<T, E>;
type Named = Vec<(String, Vec<u8>)>;

/// So many records are read at once: a slow device takes a second for them.
const PART: u32 = 10_000;
const FULL: &str = "QuotaExceededError";

fn broken(error: Error) -> StoreError {
    match error {
        Error::DomException(exception)
            if web_sys::DomException::from(exception.clone()).name() == FULL =>
        {
            StoreError::Full
        }
        _ => StoreError::Broken,
    }
}

fn writing<'a>(
    database: &'a Database,
    stores: &[&str],
    durability: TransactionDurability,
) -> Result<Transaction<'a>> {
    database
        .transaction(stores)
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(durability))
        .build()
        .map_err(broken)
}

/// Commits what was asked so far; the answers may be awaited afterwards.
#[expect(
    deprecated,
    reason = "only by web-sys, whose interface came from a draft; it is the standard's"
)]
fn commit_asked(transaction: &Transaction<'_>) -> Result<()> {
    let raw: &web_sys::IdbTransaction = transaction.as_sys();
    raw.commit().map_err(|_| StoreError::Broken)
}

/// Commits, and waits for the `complete` event.
async fn commit(transaction: Transaction<'_>) -> Result<()> {
    // Why a transaction aborted is only told by the transaction, which `commit` consumes.
    let raw: web_sys::IdbTransaction = (**transaction.as_sys()).clone();
    transaction.commit().await.map_err(|error| match raw.error() {
        Some(exception) if exception.name() == FULL => StoreError::Full,
        _ => broken(error),
    })
}

pub(super) async fn answers(database: &Database) -> bool {
    let ask = async || -> indexed_db_futures::Result<()> {
        let transaction = database.transaction(POSITIONS).build()?;
        let count = transaction.object_store(POSITIONS)?.count().build()?;
        count.await?;
        Ok(())
    };
    ask().await.is_ok()
}

pub(super) async fn append(
    database: Database,
    session: SessionId,
    records: Vec<(RecordId, Vec<u8>)>,
) -> Result<()> {
    let transaction = writing(&database, &[RECORDS], TransactionDurability::Relaxed)?;
    {
        let store = transaction.object_store(RECORDS).map_err(broken)?;
        for (id, bytes) in &records {
            put_value(&store, keys::record(session, *id), bytes)?;
        }
    }
    commit(transaction).await
}

fn put_value(store: &ObjectStore<'_>, key: JsValue, bytes: &[u8]) -> Result<()> {
    store.put(keys::value(bytes)).with_key(key).without_key_type().build().map_err(broken)?;
    Ok(())
}

fn delete(store: &ObjectStore<'_>, key: JsValue) -> Result<()> {
    store.delete(key).build().map_err(broken)?;
    Ok(())
}

/// Asks for all in a range, or the first of them; the future has the answer.
fn values(
    store: &ObjectStore<'_>,
    range: KeyRange<JsValue>,
    limit: u32,
) -> Result<impl Future<Output = Result<Vec<Vec<u8>>>> + use<>> {
    let all = store.get_all::<JsValue>().with_query::<JsValue, _>(range);
    let all = all.with_limit(limit).build().map_err(broken)?;
    Ok(async move {
        let all = all.await.map_err(broken)?;
        Ok(all.filter_map(|value| value.ok().map(|value| keys::bytes(&value))).collect())
    })
}

/// As [`values`], with their names.
fn with_keys(
    store: &ObjectStore<'_>,
    range: KeyRange<JsValue>,
    name: fn(&JsValue) -> Option<String>,
) -> Result<impl Future<Output = Result<Named>> + use<>> {
    let query = store.get_all_keys::<JsValue>().with_query::<JsValue, _>(range.clone());
    let names = query.build().map_err(broken)?;
    let values = values(store, range, u32::MAX)?;
    Ok(async move {
        let names = names.await.map_err(broken)?.map(|key| key.ok().and_then(|key| name(&key)));
        let names: Vec<Option<String>> = names.collect();
        let named = names.into_iter().zip(values.await?);
        Ok(named.filter_map(|(name, value)| Some((name?, value))).collect())
    })
}

/// The records of a session, as they are stored. Part by part, each its own transaction: offline there may be
/// hundreds of thousands, and whoever waits for them sees that they come.
async fn records(
    database: &Database,
    session: SessionId,
    parts: &Cell<u64>,
) -> Result<Vec<Vec<u8>>> {
    let mut records = Vec::new();
    let mut range = keys::of_session(session);
    loop {
        let transaction = database.transaction(RECORDS).build().map_err(broken)?;
        let store = transaction.object_store(RECORDS).map_err(broken)?;
        let keys = store.get_all_keys::<JsValue>().with_query::<JsValue, _>(range.clone());
        let keys = keys.with_limit(PART).build().map_err(broken)?;
        let values = values(&store, range, PART)?;
        commit_asked(&transaction)?;
        let last = keys.await.map_err(broken)?.nth(PART as usize - 1);
        records.append(&mut values.await?);
        let Some(last) = last else { return Ok(records) };
        parts.set(parts.get() + 1);
        range = keys::after(session, last.map_err(broken)?);
    }
}

fn position(
    transaction: &Transaction<'_>,
    session: SessionId,
) -> Result<impl Future<Output = Result<Option<Vec<u8>>>> + use<>> {
    let store = transaction.object_store(POSITIONS).map_err(broken)?;
    let get = store.get::<JsValue, JsValue, _>(keys::plain(session)).build().map_err(broken)?;
    Ok(async move { Ok(get.await.map_err(broken)?.map(|value| keys::bytes(&value))) })
}

/// The records first: they only ever move on into the saved updates, and those into a base, so that
/// none slips by.
pub(super) async fn load(
    database: Database,
    session: SessionId,
    parts: Rc<Cell<u64>>,
) -> Result<Raw> {
    let records = records(&database, session, &parts).await?;
    let stores = [BASES, SAVED, POSITIONS];
    let transaction = database.transaction(stores.as_slice()).build().map_err(broken)?;
    let store = |name| transaction.object_store(name).map_err(broken);
    let named = |name| with_keys(&store(name)?, keys::of_session(session), keys::name_of);
    // All is asked for before any of it is waited for.
    let (bases, saved, position) = (named(BASES)?, named(SAVED)?, position(&transaction, session)?);
    let (bases, saved, position) = (bases.await?, saved.await?, position.await?);
    Ok(Raw { bases, saved, records, position })
}

pub(super) async fn pending(
    database: Database,
    session: SessionId,
    parts: Rc<Cell<u64>>,
) -> Result<Raw> {
    Ok(Raw { records: records(&database, session, &parts).await?, ..Raw::default() })
}

/// One key of each session is read: it may have many records.
pub(super) async fn owing(database: Database) -> Result<Vec<SessionId>> {
    let mut owing = Vec::new();
    let mut range = keys::all();
    while let Some(key) = first_record(&database, range).await? {
        owing.extend(keys::session_of(&key));
        range = keys::beyond(&key);
    }
    Ok(owing)
}

async fn first_record(database: &Database, range: KeyRange<JsValue>) -> Result<Option<JsValue>> {
    let transaction = database.transaction(RECORDS).build().map_err(broken)?;
    let records = transaction.object_store(RECORDS).map_err(broken)?;
    let query = records.get_all_keys::<JsValue>().with_query::<JsValue, _>(range);
    let first = query.with_limit(1).build().map_err(broken)?;
    commit_asked(&transaction)?;
    first.await.map_err(broken)?.next().transpose().map_err(broken)
}

pub(super) async fn remove(
    database: Database,
    session: SessionId,
    records: Vec<RecordId>,
) -> Result<()> {
    forget(&database, session, &records).await
}

async fn forget(database: &Database, session: SessionId, records: &[RecordId]) -> Result<()> {
    let transaction = writing(database, &[RECORDS], TransactionDurability::Relaxed)?;
    {
        let store = transaction.object_store(RECORDS).map_err(broken)?;
        for id in records {
            delete(&store, keys::record(session, *id))?;
        }
    }
    commit(transaction).await
}

/// Step by step, each complete before the next: a page killed between two leaves records that are sent
/// once more and a position that is asked from once more, and nothing missing.
pub(super) async fn settle(
    database: Database,
    session: SessionId,
    settlement: Settlement,
) -> Result<()> {
    let Settlement { name, acked, received, since, position } = settlement;
    let (known, mut updates) = acknowledged(&database, session, &acked).await?;
    let named = |(number, update)| (format!("{name}.{number}"), update);
    updates.extend(received.into_iter().enumerate().map(named));
    if !updates.is_empty() {
        save(&database, session, updates).await?;
    }
    if !known.is_empty() {
        forget(&database, session, &known).await?;
    }
    match position {
        Some(position) => advance(&database, session, since, position).await,
        None => Ok(()),
    }
}

/// Those of the records that are there, and their updates by name. What another build wrote stays for
/// it.
async fn acknowledged(
    database: &Database,
    session: SessionId,
    acked: &[RecordId],
) -> Result<(Vec<RecordId>, Named)> {
    let (mut known, mut updates) = (Vec::new(), Named::new());
    if acked.is_empty() {
        return Ok((known, updates));
    }
    let transaction = database.transaction(RECORDS).build().map_err(broken)?;
    let records = transaction.object_store(RECORDS).map_err(broken)?;
    let mut found = Vec::with_capacity(acked.len());
    for id in acked {
        let key = keys::record(session, *id);
        found.push((*id, records.get::<JsValue, _, _>(key).build().map_err(broken)?));
    }
    commit_asked(&transaction)?;
    for (id, get) in found {
        let Some(value) = get.await.map_err(broken)? else { continue };
        let Ok(record) = wire::open::<JournalRecord>(&keys::bytes(&value)) else { continue };
        known.push(id);
        if let RecordBody::Update(update) = record.body {
            updates.push((format!("{}.{}", id.tab, id.number), update));
        }
    }
    Ok((known, updates))
}

/// Relaxed: the server has them, and a disk that is slow would hold up every append.
async fn save(database: &Database, session: SessionId, updates: Named) -> Result<()> {
    let transaction = writing(database, &[SAVED], TransactionDurability::Relaxed)?;
    {
        let saved = transaction.object_store(SAVED).map_err(broken)?;
        for (name, update) in updates {
            put_value(&saved, keys::named(session, &name), &wire::seal(&WireBytes(update)))?;
        }
    }
    commit(transaction).await
}

async fn advance(
    database: &Database,
    session: SessionId,
    since: Option<Position>,
    to: Position,
) -> Result<()> {
    let transaction = writing(database, &[POSITIONS], TransactionDurability::Relaxed)?;
    let stored = position(&transaction, session)?.await?.and_then(|bytes| wire::open(&bytes).ok());
    let reached = settled_position(stored, since, Some(to));
    if let Some(reached) = reached.filter(|_| reached != stored) {
        let positions = transaction.object_store(POSITIONS).map_err(broken)?;
        put_value(&positions, keys::plain(session), &wire::seal(&reached))?;
    }
    commit(transaction).await
}

pub(super) async fn compact(
    database: Database,
    session: SessionId,
    base: Vec<u8>,
    read: Names,
) -> Result<()> {
    let transaction = writing(&database, &[BASES, SAVED], TransactionDurability::Strict)?;
    {
        let bases = transaction.object_store(BASES).map_err(broken)?;
        let saved = transaction.object_store(SAVED).map_err(broken)?;
        for name in &read.saved {
            delete(&saved, keys::named(session, name))?;
        }
        for name in &read.bases {
            delete(&bases, keys::named(session, name))?;
        }
        // A new name: a base never overwrites one that another tab wrote meanwhile.
        let name = Browser.uuid().to_string();
        put_value(&bases, keys::named(session, &name), &base)?;
    }
    commit(transaction).await
}

pub(super) async fn clear(database: Database, session: SessionId) -> Result<()> {
    let transaction =
        writing(&database, &[BASES, SAVED, POSITIONS], TransactionDurability::Relaxed)?;
    {
        for name in [BASES, SAVED] {
            let store = transaction.object_store(name).map_err(broken)?;
            store.delete::<JsValue, _>(keys::of_session(session)).build().map_err(broken)?;
        }
        let positions = transaction.object_store(POSITIONS).map_err(broken)?;
        delete(&positions, keys::plain(session))?;
    }
    commit(transaction).await
}

pub(super) async fn put(
    database: Database,
    store: &'static str,
    key: String,
    value: Option<Vec<u8>>,
) -> Result<()> {
    let transaction = writing(&database, &[store], TransactionDurability::Relaxed)?;
    {
        let store = transaction.object_store(store).map_err(broken)?;
        match value {
            Some(value) => put_value(&store, key.into(), &value)?,
            None => delete(&store, key.into())?,
        }
    }
    commit(transaction).await
}

pub(super) async fn all(database: Database, store: &'static str, prefix: String) -> Result<Named> {
    let transaction = database.transaction(store).build().map_err(broken)?;
    let store = transaction.object_store(store).map_err(broken)?;
    with_keys(&store, keys::starting_with(&prefix), JsValue::as_string)?.await
}
