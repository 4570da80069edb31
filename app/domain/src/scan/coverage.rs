//! What a replica has, small enough to keep for every session.

use std::collections::BTreeMap;

use super::cursor::{Cursor, write_var};
use super::ranges::{self, Ranges};
use super::{RANGES, Scan};
use crate::limits::DELETED_RANGES;
use crate::{Error, Result};

/// The first byte of [`Coverage::encode`].
const FORMAT: u8 = 1;
/// From this many new ranges on, one pass over all is cheaper than finding each one's place.
const ONE_PASS: usize = 16;

/// What a replica has: which structs, which deletions. Unlike a state vector it shows deletions, so
/// it can tell whether an update adds anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    inserts: BTreeMap<u64, u32>,
    deletes: BTreeMap<u64, Ranges>,
}

/// How an update relates to a [`Coverage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Everything in it is there already.
    Known,
    /// It adds something, and all it builds on is there.
    Adds,
    /// It builds on, or deletes, something that is not there.
    MissingDependency,
}

impl Coverage {
    /// Where the update stands to what is here.
    pub fn relation(&self, scan: &Scan) -> Relation {
        if self.missing(scan).is_some() {
            return Relation::MissingDependency;
        }
        let adds_delete = scan.deletes.iter().any(|(client, deleted)| {
            let known = self.deletes.get(client);
            !deleted
                .iter()
                .all(|(start, end)| known.is_some_and(|known| ranges::covers(known, *start, *end)))
        });
        if adds_delete || self.adding_clients(scan).next().is_some() {
            Relation::Adds
        } else {
            Relation::Known
        }
    }

    /// The client and clock of something that the update builds on, or deletes, and that is not here.
    pub(crate) fn missing(&self, scan: &Scan) -> Option<(u64, u32)> {
        let needs = scan.needs.iter().map(|(client, clock)| (*client, *clock));
        let deletes = scan.deletes.iter().filter_map(|(client, deleted)| {
            let inserted = scan.inserts.get(client).and_then(|ranges| ranges.last());
            let last = deleted.last()?.1;
            let is_brought = inserted.is_some_and(|range| last <= range.1);
            (!is_brought).then_some((*client, last.checked_sub(1)?))
        });
        needs.chain(deletes).find(|(client, clock)| *clock >= self.clock(*client))
    }

    /// The clients of whom the update brings structs that are not here. Only for these can it be
    /// asked whose they are: what is known already may come from anybody.
    pub fn adding_clients<'a>(&'a self, scan: &'a Scan) -> impl Iterator<Item = u64> + 'a {
        scan.inserts.iter().filter_map(|(client, inserted)| {
            let adds = inserted.last().is_some_and(|range| range.1 > self.clock(*client));
            adds.then_some(*client)
        })
    }

    /// Takes an update in; call only with [`Relation::Adds`].
    pub fn add(&mut self, scan: &Scan) {
        for (client, inserted) in &scan.inserts {
            let reached = inserted.last().map_or(0, |range| range.1);
            let clock = self.inserts.entry(*client).or_default();
            *clock = reached.max(*clock);
        }
        for (client, deleted) in &scan.deletes {
            self.add_deletes(*client, deleted);
        }
    }

    /// Whether there is room for the update's deletions. One that leaves no more stretches than there
    /// are always has.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn check_room(&self, scan: &Scan) -> Result<()> {
        if scan.deletes.is_empty() {
            return Ok(());
        }
        let here = self.deleted_ranges();
        let new: usize =
            scan.deletes.iter().map(|(client, deleted)| self.new_ranges(*client, deleted)).sum();
        if here + new <= DELETED_RANGES {
            return Ok(());
        }
        // Some of them join what is there: look exactly, now that it matters.
        let mut after = self.clone();
        scan.deletes.iter().for_each(|(client, deleted)| after.add_deletes(*client, deleted));
        match after.deleted_ranges() {
            after if after > here.max(DELETED_RANGES) => {
                Err(Error::limit(RANGES, DELETED_RANGES, after))
            }
            _ => Ok(()),
        }
    }

    /// How many of these ranges are not here.
    fn new_ranges(&self, client: u64, deleted: &Ranges) -> usize {
        let known = self.deletes.get(&client);
        let is_here = |start, end| known.is_some_and(|known| ranges::covers(known, start, end));
        deleted.iter().filter(|(start, end)| !is_here(*start, *end)).count()
    }

    /// How many stretches were deleted each by itself.
    pub fn deleted_ranges(&self) -> usize {
        self.deletes.values().map(Vec::len).sum()
    }

    /// How many clients and ranges it holds.
    pub fn size(&self) -> usize {
        self.inserts.len() + self.deleted_ranges()
    }

    #[cfg(test)]
    pub(super) fn deletes(&self) -> &BTreeMap<u64, Ranges> {
        &self.deletes
    }

    pub(crate) fn add_deletes(&mut self, client: u64, deleted: &[(u32, u32)]) {
        let known = self.deletes.entry(client).or_default();
        if deleted.len() < ONE_PASS {
            for (start, end) in deleted {
                ranges::insert(known, *start, *end);
            }
            return;
        }
        let mut all = std::mem::take(known);
        all.extend_from_slice(deleted);
        all.sort_unstable();
        for (start, end) in all {
            ranges::push(known, start, end);
        }
    }

    /// How many clocks of a client are here; the next one's number.
    pub(crate) fn clock(&self, client: u64) -> u32 {
        self.inserts.get(&client).copied().unwrap_or(0)
    }

    /// The state vector in Yjs encoding version 1.
    pub fn state_vector(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_clocks(&mut bytes, &self.inserts);
        bytes
    }

    /// A replica of which only the state vector (Yjs encoding version 1) is known: it has these
    /// structs, and no deletion is known to be there.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn from_state_vector(bytes: &[u8]) -> Result<Self> {
        Ok(Self { inserts: read_state_vector(bytes)?, deletes: BTreeMap::new() })
    }

    /// For storing beside a base; [`Coverage::decode`] reads it.
    ///
    /// A format byte, the state vector, and for each client with deletions its id, the number of
    /// ranges and each range as its distance from the end of the one before and its length.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        write_clocks(&mut bytes, &self.inserts);
        write_var(&mut bytes, self.deletes.len() as u64);
        for (client, deleted) in &self.deletes {
            write_var(&mut bytes, *client);
            write_var(&mut bytes, deleted.len() as u64);
            let mut before = 0;
            for (start, end) in deleted {
                write_var(&mut bytes, u64::from(start - before));
                write_var(&mut bytes, u64::from(end - start));
                before = *end;
            }
        }
        bytes
    }

    /// Reads what [`Coverage::encode`] wrote.
    ///
    /// # Errors
    /// `Malformed`; `UnsupportedVersion` for another build's format.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let got = cursor.byte()?;
        if got != FORMAT {
            let (got, supported) = (u16::from(got), u16::from(FORMAT));
            return Err(Error::UnsupportedVersion { got, supported });
        }
        let inserts = read_clocks(&mut cursor)?;
        let mut deletes = BTreeMap::new();
        for _ in 0..cursor.count()? {
            let client = cursor.client()?;
            let mut deleted = Ranges::new();
            let mut before = 0;
            for _ in 0..cursor.count()? {
                let (gap, len) = (cursor.clock()?, cursor.clock()?);
                let start = u32::checked_add(before, gap);
                let end = start.and_then(|start| start.checked_add(len));
                let (Some(start), Some(end)) = (start, end) else {
                    return Err(Error::malformed("deleted range"));
                };
                ranges::push(&mut deleted, start, end);
                before = end;
            }
            deletes.insert(client, deleted);
        }
        if cursor.remaining() > 0 {
            return Err(Error::malformed("bytes after the coverage"));
        }
        Ok(Self { inserts, deletes })
    }

    /// How many clocks were inserted, and how many of these were deleted: a character of a text is
    /// one (in UTF-16 units), any other value too.
    pub fn counts(&self) -> (u64, u64) {
        let inserted = self.inserts.values().map(|clock| u64::from(*clock)).sum();
        let deleted = self.deletes.values().flatten();
        (inserted, deleted.map(|(start, end)| u64::from(end - start)).sum())
    }

    /// The client ids that wrote something.
    pub fn clients(&self) -> impl Iterator<Item = u64> + '_ {
        self.inserts.keys().copied()
    }

    /// Whether this client wrote something.
    pub(crate) fn has_client(&self, client: u64) -> bool {
        self.inserts.contains_key(&client)
    }
}

fn write_clocks(bytes: &mut Vec<u8>, clocks: &BTreeMap<u64, u32>) {
    write_var(bytes, clocks.len() as u64);
    for (client, clock) in clocks {
        write_var(bytes, *client);
        write_var(bytes, u64::from(*clock));
    }
}

/// Reads a state vector: a count, then client ids with clocks.
fn read_clocks(cursor: &mut Cursor<'_>) -> Result<BTreeMap<u64, u32>> {
    let mut clocks = BTreeMap::new();
    for _ in 0..cursor.count()? {
        let (client, clock) = (cursor.client()?, cursor.clock()?);
        clocks.insert(client, clock);
    }
    Ok(clocks)
}

/// Reads a state vector (Yjs encoding version 1) whole.
pub(crate) fn read_state_vector(bytes: &[u8]) -> Result<BTreeMap<u64, u32>> {
    let mut cursor = Cursor::new(bytes);
    let clocks = read_clocks(&mut cursor)?;
    if cursor.remaining() > 0 {
        return Err(Error::malformed("bytes after the state vector"));
    }
    Ok(clocks)
}
