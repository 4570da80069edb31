//! Which records the server acknowledged: late and repeated messages about them change nothing.

use std::collections::BTreeMap;

use crate::id::TabId;
use crate::sync::RecordId;

/// Record ids, kept as ranges of numbers per tab: tabs are acknowledged nearly in order.
#[derive(Debug, Default)]
pub(super) struct Acked {
    /// First number of a range to its last.
    tabs: BTreeMap<TabId, BTreeMap<u64, u64>>,
}

impl Acked {
    pub(super) fn insert(&mut self, id: RecordId) {
        if self.contains(id) {
            return;
        }
        let ranges = self.tabs.entry(id.tab).or_default();
        let after = id.number.checked_add(1).and_then(|next| ranges.remove(&next));
        let last = after.unwrap_or(id.number);
        match ranges.range_mut(..id.number).next_back() {
            Some((_, end)) if end.checked_add(1) == Some(id.number) => *end = last,
            _ => drop(ranges.insert(id.number, last)),
        }
    }

    pub(super) fn contains(&self, id: RecordId) -> bool {
        let range = self.tabs.get(&id.tab).and_then(|tab| tab.range(..=id.number).next_back());
        range.is_some_and(|(_, last)| id.number <= *last)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn sync_6_remembers_exactly_what_was_acknowledged_in_joined_ranges() {
        let tab = TabId::from(Uuid::from_u128(1));
        let mut acked = Acked::default();
        for number in [5, 1, 2, 9, 4, 3, 3, u64::MAX, 10] {
            acked.insert(RecordId { tab, number });
        }
        let known = |number| acked.contains(RecordId { tab, number });
        assert!([1, 2, 3, 4, 5, 9, 10, u64::MAX].into_iter().all(known));
        assert!(![0, 6, 8, 11, u64::MAX - 1].into_iter().any(known));
        assert_eq!(acked.tabs.get(&tab).map(BTreeMap::len), Some(3));
        let tab = TabId::from(Uuid::from_u128(2));
        assert!(!acked.contains(RecordId { tab, number: 1 }));
    }
}
