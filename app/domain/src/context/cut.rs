//! Cutting blocks before many updates come in between.
//!
//! yrs copies both sides of a block that it cuts, so ten thousand small insertions into a text of 8 MB that is
//! one block copy all of it ten thousand times. Cut beforehand, in the order of [`levels`], it is
//! copied fourteen times. The pieces join again where nothing came between them.

use std::collections::{BTreeMap, BTreeSet};

use yrs::block::ClientID;
use yrs::branch::{Branch, BranchPtr};
use yrs::{ID, IdSet, MapRef, Snapshot, StateVector, Text, TextRef, TransactionMut};

use crate::Result;
use crate::scan::{Coverage, Cuts, Scan, add_cuts, levels};

/// So few are cut as they come.
const FEW: usize = 64;

/// Cuts what is there wherever one of the updates comes in.
pub(super) fn cut(
    txn: &mut TransactionMut<'_>,
    map: &MapRef,
    coverage: &Coverage,
    updates: &[(Scan, &[u8])],
) -> Result<()> {
    let mut cuts = Cuts::new();
    for (scan, update) in updates {
        add_cuts(update, scan, &mut cuts)?;
    }
    for (client, cuts) in &mut cuts {
        let end = coverage.clock(*client);
        cuts.retain(|cut| (1..end).contains(cut));
    }
    if cuts.values().map(BTreeSet::len).sum::<usize>() <= FEW {
        return Ok(());
    }
    let ranges: BTreeMap<_, _> = cuts
        .into_iter()
        .map(|(client, cuts)| (client, between(cuts, coverage.clock(client))))
        .collect();
    // The root map has no sequence, so that beside the cutting nothing is read.
    let nothing = TextRef::from(BranchPtr::from(AsRef::<Branch>::as_ref(map)));
    for level in levels(&ranges) {
        let mut set = IdSet::new();
        for (client, ranges) in level {
            for (start, end) in ranges {
                set.insert(ID::new(ClientID::new(client), start), end - start);
            }
        }
        // Reading a text as it was at a snapshot cuts at the snapshot's edges.
        let snapshot = Snapshot::new(StateVector::default(), set);
        nothing.diff_range(txn, Some(&snapshot), None, |_| ());
    }
    Ok(())
}

/// Ranges that do not touch, whose ends are the cuts; the last one may be `end`, where all ends. Nowhere else is
/// cut: it could be inside a character, of which yrs then leaves two replacement characters.
fn between(cuts: impl IntoIterator<Item = u32>, end: u32) -> Vec<(u32, u32)> {
    let mut cuts = cuts.into_iter();
    let mut ranges = Vec::new();
    while let Some(start) = cuts.next() {
        ranges.push((start, cuts.next().unwrap_or(end)));
    }
    ranges
}
