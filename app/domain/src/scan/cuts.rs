//! Where the structs of an update cut what is there before it.

use std::collections::{BTreeMap, BTreeSet};

use super::Scan;
use super::cursor::Cursor;
use super::ranges::contains;
use super::structs::{Id, read_struct};
use crate::Result;

/// Clocks by client: there something comes in before what stands at that clock.
pub(crate) type Cuts = BTreeMap<u64, BTreeSet<u32>>;

/// Adds where an update, of which `scan` was read, cuts what it does not bring itself.
pub(crate) fn add_cuts(update: &[u8], scan: &Scan, cuts: &mut Cuts) -> Result<()> {
    let mut add = |(client, clock): Id, cut: u32| {
        if !scan.inserts.get(&client).is_some_and(|ranges| contains(ranges, clock)) {
            cuts.entry(client).or_default().insert(cut);
        }
    };
    let mut cursor = Cursor::new(update);
    for _ in 0..cursor.count()? {
        let count = cursor.count()?;
        let client = cursor.client()?;
        let mut clock = cursor.clock()?;
        for _ in 0..count {
            let next = read_struct(&mut cursor, client, clock)?;
            if let Some(left) = next.origin {
                add(left, left.1 + 1);
            }
            if let Some(right) = next.right_origin {
                add(right, right.1);
            }
            clock = next.clock_end();
        }
    }
    Ok(())
}
