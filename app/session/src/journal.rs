//! The journal: the browser's local write-ahead log of a session (CTX-2 to CTX-4).
//!
//! A [`Store`] is one place where it can be kept; [`Journal`] keeps it in the best one that works.

mod compaction;
mod copying;
mod memory;
mod race;
mod reading;
mod supervision;

#[cfg(feature = "hydrate")]
mod indexed_db;
#[cfg(feature = "hydrate")]
mod local_storage;

#[cfg(feature = "hydrate")]
pub(crate) use indexed_db::IndexedDb;
#[cfg(feature = "hydrate")]
pub(crate) use local_storage::{LocalStorageStore, poke, poke_key};
#[cfg(feature = "hydrate")]
pub(crate) use memory::MemoryStore;
#[cfg(feature = "hydrate")]
pub(crate) use race::race;
pub(crate) use reading::Loaded;
#[cfg(feature = "hydrate")]
pub(crate) use supervision::Journal;

use std::future::Future;
use std::pin::Pin;

use holdfast_domain::id::SessionId;
use holdfast_domain::sync::{RecordId, StorageTier};
use holdfast_domain::wire::Position;

/// An answer of a store.
pub(crate) type Answered<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>>>>;

/// Why a store did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// The quota is exceeded. What was there before is still there.
    Full,
    /// No answer in time.
    Silent,
    /// Missing, blocked, closed or failing.
    Broken,
}

/// Small things kept beside the journal, by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Table {
    /// The sessions of this device; the key is the session's id.
    Sessions,
    /// What tabs show (CTX-11); the key is the session's id, a slash and a name.
    Views,
}

/// What a store holds of a session, as it is stored. Each value is in the envelope of
/// [`holdfast_domain::wire`], so another build's is recognised.
#[derive(Clone, Debug, Default)]
pub(crate) struct Raw {
    /// Whole documents, by name. More than one after a compaction that another tab did not see.
    pub(crate) bases: Vec<(String, Vec<u8>)>,
    /// Acknowledged and received updates since, by name.
    pub(crate) saved: Vec<(String, Vec<u8>)>,
    /// Records the server has not acknowledged.
    pub(crate) records: Vec<Vec<u8>>,
    /// How far base and saved updates have the server's log.
    pub(crate) position: Option<Vec<u8>>,
}

/// What the server's answer means for the journal; as in
/// [`Effect::Settle`](holdfast_domain::sync::Effect::Settle).
#[derive(Clone, Debug, Default)]
pub(crate) struct Settlement {
    /// Unique among all settlements of all tabs; names what it adds.
    pub(crate) name: String,
    /// Acknowledged: pending no longer.
    pub(crate) acked: Vec<RecordId>,
    /// What the server has and the journal perhaps not.
    pub(crate) received: Vec<Vec<u8>>,
    /// From where on that is complete.
    pub(crate) since: Option<Position>,
    /// Where the stored document is then, if it was at `since`.
    pub(crate) position: Option<Position>,
}

/// So much of a settlement is asked of a store at once: beside ten thousand others none is answered in time,
/// and what is typed meanwhile waits behind them.
const PORTION: usize = 500;

impl Settlement {
    /// In parts, one after another; the last one reaches the position.
    fn portions(self) -> impl Iterator<Item = Self> {
        let Self { name, acked, received, since, position } = self;
        let count = acked.len().max(received.len()).div_ceil(PORTION).max(1);
        let (mut acked, mut received) = (acked.into_iter(), received.into_iter());
        (1..=count).map(move |number| Self {
            name: format!("{name}.{number}"),
            acked: acked.by_ref().take(PORTION).collect(),
            received: received.by_ref().take(PORTION).collect(),
            since,
            position: position.filter(|_| number == count),
        })
    }
}

/// One place where the journal can be kept. Every method issues its (first) requests before it returns, so
/// that an append made in an input event is on its way when the event ends; the answer says when it
/// is done.
pub(crate) trait Store {
    /// Which place.
    fn tier(&self) -> StorageTier;

    /// How many parts it has given of what it was asked for as one: who gives more of them is not silent.
    fn parts(&self) -> u64 {
        0
    }

    /// Connects, where that is needed. Called again to find out whether a failed store works again.
    fn open(&self) -> Answered<()>;

    /// Adds records in one transaction. Adding one again changes nothing.
    fn append(&self, session: SessionId, records: Vec<(RecordId, Vec<u8>)>) -> Answered<()>;

    /// Everything of a session; what moves from one part to another meanwhile is in one of them.
    fn load(&self, session: SessionId) -> Answered<Raw>;

    /// Records only.
    fn pending(&self, session: SessionId) -> Answered<Raw>;

    /// The sessions of which it holds records.
    fn owing(&self) -> Answered<Vec<SessionId>>;

    /// Takes records out that another store holds now.
    fn remove(&self, session: SessionId, records: Vec<RecordId>) -> Answered<()>;

    /// Acknowledged records become saved updates, received ones are added, and then the position goes
    /// on as far as nothing is missing before it. Where it breaks off, nothing is missing either.
    fn settle(&self, session: SessionId, settlement: Settlement) -> Answered<()>;

    /// In one transaction: adds a base, which never takes the place of one that was not read, and
    /// deletes exactly the bases and saved updates named.
    fn compact(&self, session: SessionId, base: Vec<u8>, read: Names) -> Answered<()>;

    /// Removes all of a session but its records.
    fn clear(&self, session: SessionId) -> Answered<()>;

    /// Keeps a small thing; `None` removes it. Where it is refused the one before is still there.
    fn put(&self, table: Table, key: String, value: Option<Vec<u8>>) -> Answered<()>;

    /// All small things whose key starts with `prefix`.
    fn all(&self, table: Table, prefix: String) -> Answered<Vec<(String, Vec<u8>)>>;
}

/// Names of what a compaction read and replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Of bases.
    pub(crate) bases: Vec<String>,
    /// Of saved updates.
    pub(crate) saved: Vec<String>,
}
