//! In which order updates can be applied that came in any: a journal gives them by their names, and two
//! who typed at the same time built on each other with every word.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::CONTEXT_BYTES;
use crate::scan::{Coverage, Relation, Scan};

/// An update, and what is in it.
pub(super) type Scanned<'a> = (Scan, &'a [u8]);

/// What can be applied one after the other, and what has to wait.
#[derive(Default)]
pub(super) struct Ordered<'a> {
    pub(super) ready: Vec<Scanned<'a>>,
    pub(super) waiting: Vec<&'a [u8]>,
}

/// Puts updates in order, given what is here; what is known already is left out. Each waits for one missing
/// clock at a time and is looked at again when that has come, so that the order they came in hardly matters.
pub(super) fn order<'a>(here: &Coverage, updates: Vec<Scanned<'a>>) -> Ordered<'a> {
    let mut ordered = Ordered::default();
    // As with every key that somebody presses elsewhere: nothing is copied for one.
    if updates.len() == 1 {
        for (scan, update) in updates {
            match here.relation(&scan) {
                Relation::Known => {}
                Relation::Adds => ordered.ready.push((scan, update)),
                Relation::MissingDependency => ordered.waiting.push(update),
            }
        }
        return ordered;
    }
    let mut here = here.clone();
    let mut blocked: BTreeMap<(u64, u32), Vec<(usize, Scanned<'_>)>> = BTreeMap::new();
    for update in updates.into_iter().enumerate() {
        let mut next = vec![update];
        while let Some((place, (scan, update))) = next.pop() {
            if let Some(clock) = here.missing(&scan) {
                blocked.entry(clock).or_default().push((place, (scan, update)));
            } else if here.relation(&scan) == Relation::Adds {
                here.add(&scan);
                let come = |client: &u64| {
                    let clocks = (*client, 0)..(*client, here.clock(*client));
                    blocked.extract_if(clocks, |_, _| true).flat_map(|(_, waits)| waits).collect()
                };
                let come: Vec<Vec<_>> = scan.inserts.keys().map(come).collect();
                // The first of them is the next.
                next.extend(come.into_iter().flatten().rev());
                ordered.ready.push((scan, update));
            }
        }
    }
    let mut waiting: Vec<_> = blocked.into_values().flatten().collect();
    waiting.sort_unstable_by_key(|(place, _)| *place);
    ordered.waiting = bounded(waiting.into_iter().map(|(_, (_, update))| update).collect());
    ordered
}

/// Each once, and together no more than a context may be: the oldest go, and come again with the next
/// difference.
fn bounded(mut waiting: Vec<&[u8]>) -> Vec<&[u8]> {
    let mut seen = BTreeSet::new();
    waiting.retain(|update| seen.insert(*update));
    let mut bytes: usize = 0;
    let newest = waiting.iter().rev().take_while(|update| {
        bytes = bytes.saturating_add(update.len());
        bytes <= CONTEXT_BYTES
    });
    let kept = newest.count();
    waiting.split_off(waiting.len() - kept)
}
