//! Many cuts in an order that halves what is cut.
//!
//! yrs copies both sides of a block that it cuts. From front to back, ten thousand deletions or insertions
//! in a text of 8 MB that is one block copy it ten thousand times, 10 s; the middle one first, then those in
//! the middle of both halves, and so on, copy it fourteen times.

use std::collections::BTreeMap;

use super::cursor::write_var;
use super::ranges::Ranges;

/// Some ranges of each client.
pub(crate) type Level = Vec<(u64, Vec<(u32, u32)>)>;

/// All ranges, first the one in the middle, then those in the middle of both halves, and so on.
pub(crate) fn levels(ranges: &BTreeMap<u64, Ranges>) -> impl Iterator<Item = Level> {
    let longest = ranges.values().map(Vec::len).max().unwrap_or(0);
    let strides = (0..=longest.checked_ilog2().unwrap_or(0)).rev().map(|power| 1_usize << power);
    strides.map(|stride| level(ranges, stride))
}

/// Of each client the ranges number `stride`, 3 `stride`, 5 `stride` and so on, from one.
fn level(ranges: &BTreeMap<u64, Ranges>, stride: usize) -> Level {
    let long = ranges.iter().filter(|(_, ranges)| ranges.len() >= stride);
    let chosen =
        |ranges: &Ranges| ranges.iter().skip(stride - 1).step_by(2 * stride).copied().collect();
    long.map(|(client, ranges)| (*client, chosen(ranges))).collect()
}

/// Updates that together delete the same, to be applied in order in one transaction.
pub(super) fn halves(deletes: &BTreeMap<u64, Ranges>) -> Vec<Vec<u8>> {
    levels(deletes).map(|level| deletions(&level)).collect()
}

fn deletions(level: &Level) -> Vec<u8> {
    let mut update = vec![0];
    write_var(&mut update, level.len() as u64);
    for (client, ranges) in level {
        write_var(&mut update, *client);
        write_var(&mut update, ranges.len() as u64);
        for (start, end) in ranges {
            write_var(&mut update, u64::from(*start));
            write_var(&mut update, u64::from(end - start));
        }
    }
    update
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CONTEXT_BYTES;
    use crate::scan::{Coverage, scan};

    #[test]
    fn sync_5_halves_delete_the_same_and_each_once() {
        for count in [1, 2, 3, 7, 8, 9, 100] {
            let ranges: Ranges = (0..count).map(|at| (at * 5, at * 5 + 2)).collect();
            let deletes = BTreeMap::from([(1, ranges), (2, vec![(3, 4)])]);
            let mut coverage = Coverage::default();
            let mut written = 0;
            for update in halves(&deletes) {
                let read = scan(&update, CONTEXT_BYTES).unwrap();
                written += read.deletes.values().map(Vec::len).sum::<usize>();
                coverage.add(&read);
            }
            assert_eq!(written, deletes.values().map(Vec::len).sum::<usize>());
            assert_eq!(coverage.deletes(), &deletes);
        }
    }
}
