//! Many deletions in an order that halves what they cut.
//!
//! yrs copies both sides of a block that it cuts. From front to back, ten thousand deletions in a text
//! of 8 MB that is one block copy it ten thousand times, 10 s; the middle one first, then those in the
//! middle of both halves, and so on, copy it fourteen times.

use std::collections::BTreeMap;

use super::cursor::write_var;
use super::ranges::Ranges;

/// Updates that together delete the same, to be applied in order in one transaction.
pub(super) fn halves(deletes: &BTreeMap<u64, Ranges>) -> Vec<Vec<u8>> {
    let longest = deletes.values().map(Vec::len).max().unwrap_or(0);
    let strides = (0..=longest.checked_ilog2().unwrap_or(0)).rev().map(|power| 1_usize << power);
    strides.map(|stride| level(deletes, stride)).collect()
}

/// Of each client the ranges number `stride`, 3 `stride`, 5 `stride` and so on, from one.
fn level(deletes: &BTreeMap<u64, Ranges>, stride: usize) -> Vec<u8> {
    let clients: Vec<_> = deletes.iter().filter(|(_, ranges)| ranges.len() >= stride).collect();
    let mut update = vec![0];
    write_var(&mut update, clients.len() as u64);
    for (client, ranges) in clients {
        let chosen = ranges.iter().skip(stride - 1).step_by(2 * stride);
        write_var(&mut update, *client);
        write_var(&mut update, chosen.len() as u64);
        for (start, end) in chosen {
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
