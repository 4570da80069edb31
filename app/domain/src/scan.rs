//! Bounds an update before it is decoded (SYNC-5), without recursion, and reads from it what the
//! server's hot path needs to know.

mod beyond;
mod coverage;
pub(crate) mod cursor;
mod cuts;
mod halves;
mod order;
mod portions;
mod ranges;
mod split;
mod structs;
mod value;

pub(crate) use coverage::read_state_vector;
pub use coverage::{Coverage, Relation};
pub(crate) use cuts::{Cuts, add_cuts};
pub(crate) use halves::levels;
pub(crate) use portions::portions;
pub(crate) use split::split;
pub(crate) use structs::{MAP, TEXT_PREFIX};

use std::collections::BTreeMap;

use crate::limits::{DELETED_RANGES, STRUCTS_PER_UPDATE};
use crate::{Error, Result};
use cursor::{CLOCK_END, Cursor};
use order::Section;
use ranges::Ranges;
use structs::{Content, read_struct};

/// Clients in one update. Readers hash client ids by themselves, so that chosen ids collide; this
/// many colliding ones still take no more than a moment.
pub const CLIENTS_PER_UPDATE: usize = 100_000;

/// What [`DELETED_RANGES`] bounds, for the person.
const RANGES: &str = "separate deletions";

/// How much one update may hold.
struct Bounds {
    structs: usize,
    deleted_ranges: usize,
}

/// Of what somebody sends.
const INCOMING: Bounds = Bounds { structs: STRUCTS_PER_UPDATE, deleted_ranges: DELETED_RANGES };
/// Of what was taken before: it may have grown by being brought together, and must stay readable.
const TAKEN: Bounds = Bounds { structs: usize::MAX, deleted_ranges: usize::MAX };

/// What an update contains, as ranges of clocks per client id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Inserted structs: client id to half-open clock ranges, sorted and joined.
    pub inserts: BTreeMap<u64, Vec<(u32, u32)>>,
    /// Deleted structs, likewise.
    pub deletes: BTreeMap<u64, Vec<(u32, u32)>>,
    /// What the inserts build on and do not bring along: client id to the highest clock needed.
    /// Origins, right origins, and for each client what comes before its structs in this update.
    /// What is deleted is needed too, but stands in `deletes`.
    pub needs: BTreeMap<u64, u32>,
}

impl Scan {
    /// How many clients and ranges it holds.
    pub fn size(&self) -> usize {
        let ranges = self.inserts.values().chain(self.deletes.values()).map(Vec::len);
        ranges.sum::<usize>() + self.needs.len()
    }
}

/// Reads an update (Yjs encoding version 1) of at most `max_bytes` that somebody sent and checks
/// lengths, nesting, the number of structs and deleted ranges, client ids and the document's schema.
/// Costs O(bytes), allocates O(clients) and O(ranges).
///
/// # Errors
/// `LimitExceeded`, `Malformed` or `Schema`; after `Ok`, [`crate::Context::apply`] neither overflows
/// the stack nor allocates more than a small multiple of the update's size. (yrs by itself still
/// would, on some updates of very many clients.)
pub fn scan(update: &[u8], max_bytes: usize) -> Result<Scan> {
    if update.len() > max_bytes {
        return Err(Error::limit("update bytes", max_bytes, update.len()));
    }
    read(update, &INCOMING)
}

/// As [`scan`] for what is here already: encoded by ourselves, or taken when it came. What many
/// updates come to may be larger than any one of them was allowed to be.
///
/// # Errors
/// As [`scan`].
pub fn scan_taken(update: &[u8]) -> Result<Scan> {
    read(update, &TAKEN)
}

fn read(update: &[u8], bounds: &Bounds) -> Result<Scan> {
    let mut scan = Scan::default();
    let mut cursor = Cursor::new(update);
    let mut sections = read_sections(&mut cursor, &mut scan, bounds)?;
    scan.deletes = read_deletes(&mut cursor, bounds)?;
    if cursor.remaining() > 0 {
        return Err(Error::malformed("bytes after the update"));
    }
    if sections.len() > 1 {
        order::place(&mut sections, &scan.inserts, drop)?;
    }
    complete_needs(&mut scan);
    Ok(scan)
}

fn read_sections<'a>(
    cursor: &mut Cursor<'a>,
    scan: &mut Scan,
    bounds: &Bounds,
) -> Result<BTreeMap<u64, Section<'a>>> {
    let mut sections = BTreeMap::new();
    let mut structs = 0;
    for _ in 0..count_clients(cursor)? {
        let count = cursor.count()?;
        let client = cursor.client()?;
        let mut clock = cursor.clock()?;
        structs += count;
        if structs > bounds.structs {
            return Err(Error::limit("structs", bounds.structs, structs));
        }
        if count == 0 {
            return Err(Error::malformed("client without structs"));
        }
        let section = Section::new(cursor, client, clock, count);
        if sections.insert(client, section).is_some() {
            return Err(Error::malformed("the same client twice"));
        }
        let mut inserts = Ranges::new();
        for _ in 0..count {
            let next = read_struct(cursor, client, clock)?;
            if !matches!(next.content, Content::Skip) {
                ranges::push(&mut inserts, clock, next.clock_end());
            }
            for (client, clock) in [next.origin, next.right_origin].into_iter().flatten() {
                let needed = scan.needs.entry(client).or_default();
                *needed = clock.max(*needed);
            }
            clock = next.clock_end();
        }
        if !inserts.is_empty() {
            scan.inserts.insert(client, inserts);
        }
    }
    Ok(sections)
}

fn read_deletes(cursor: &mut Cursor<'_>, bounds: &Bounds) -> Result<BTreeMap<u64, Ranges>> {
    let mut deletes = BTreeMap::new();
    let mut ranges = 0;
    for _ in 0..count_clients(cursor)? {
        let client = cursor.client()?;
        let count = cursor.count()?;
        if count == 0 {
            return Err(Error::malformed("client without deletions"));
        }
        ranges += count;
        if ranges > bounds.deleted_ranges {
            return Err(Error::limit(RANGES, bounds.deleted_ranges, ranges));
        }
        let mut deleted = Ranges::new();
        for _ in 0..count {
            let (start, len) = (cursor.clock()?, cursor.clock()?);
            if len == 0 || len > CLOCK_END - start {
                return Err(Error::malformed("deleted range"));
            }
            if deleted.last().is_some_and(|last| start < last.1) {
                return Err(Error::malformed("deleted ranges out of order"));
            }
            ranges::push(&mut deleted, start, start + len);
        }
        if deletes.insert(client, deleted).is_some() {
            return Err(Error::malformed("the same client twice"));
        }
    }
    Ok(deletes)
}

fn count_clients(cursor: &mut Cursor<'_>) -> Result<usize> {
    let count = cursor.count()?;
    if count > CLIENTS_PER_UPDATE {
        return Err(Error::limit("clients", CLIENTS_PER_UPDATE, count));
    }
    Ok(count)
}

/// Takes from `needs` what the update brings along, and adds the gaps before and between its structs.
fn complete_needs(scan: &mut Scan) {
    for (client, inserts) in &scan.inserts {
        let Some(&(start, end)) = inserts.last() else { continue };
        // Every clock below the last range is there or in a gap below it, which then decides.
        if scan.needs.get(client).is_some_and(|needed| *needed >= end) {
            continue;
        }
        match start.checked_sub(1) {
            Some(before) => drop(scan.needs.insert(*client, before)),
            None => drop(scan.needs.remove(client)),
        }
    }
}
