//! Bounds an update before it is decoded (SYNC-5), without recursion, and reads from it what the
//! server's hot path needs to know.

use std::collections::BTreeMap;

use crate::Result;

/// What an update contains, as ranges of clocks per client id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Inserted structs: client id to half-open clock ranges, sorted and joined.
    pub inserts: BTreeMap<u64, Vec<(u32, u32)>>,
    /// Deleted structs, likewise.
    pub deletes: BTreeMap<u64, Vec<(u32, u32)>>,
    /// What the inserts build on (left and right origins): client id to the highest clock needed.
    pub needs: BTreeMap<u64, u32>,
}

/// Reads an update (Yjs encoding version 1) of at most `max_bytes` and checks lengths, nesting,
/// struct count, client ids and the document's schema. Costs O(bytes), allocates O(clients).
///
/// # Errors
/// `LimitExceeded`, `Malformed` or `Schema`; after `Ok` decoding with yrs neither overflows the
/// stack nor allocates more than a small multiple of the update's size.
pub fn scan(_update: &[u8], _max_bytes: usize) -> Result<Scan> {
    Ok(Scan::default())
}

/// What a replica has: which structs, which deletions. Unlike a state vector it shows deletions, so
/// it can tell whether an update adds anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    inserts: BTreeMap<u64, u32>,
    deletes: BTreeMap<u64, Vec<(u32, u32)>>,
}

/// How an update relates to a [`Coverage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Everything in it is there already.
    Known,
    /// It adds something, and all it builds on is there.
    Adds,
    /// It builds on something that is not there.
    MissingDependency,
}

impl Coverage {
    /// Where the update stands to what is here.
    pub fn relation(&self, _scan: &Scan) -> Relation {
        Relation::Adds
    }

    /// Takes an update in; call only with [`Relation::Adds`].
    pub fn add(&mut self, _scan: &Scan) {}

    /// The state vector in Yjs encoding version 1.
    pub fn state_vector(&self) -> Vec<u8> {
        let _ = (&self.inserts, &self.deletes);
        Vec::new()
    }

    /// For storing beside a base; [`Coverage::decode`] reads it.
    pub fn encode(&self) -> Vec<u8> {
        Vec::new()
    }

    /// Reads what [`Coverage::encode`] wrote.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn decode(_bytes: &[u8]) -> Result<Self> {
        Ok(Self::default())
    }

    /// The client ids that wrote something.
    pub fn clients(&self) -> impl Iterator<Item = u64> + '_ {
        self.inserts.keys().copied()
    }
}
