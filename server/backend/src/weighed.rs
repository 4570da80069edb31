//! What is kept in memory by session, bounded by what it weighs.

use std::sync::Arc;

use holdfast_domain::id::SessionId;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

/// Something held, and what it weighed when it was last looked at.
pub(crate) struct Weighed<T> {
    pub(crate) weight: u64,
    pub(crate) held: Arc<T>,
}

impl<T> Clone for Weighed<T> {
    fn clone(&self) -> Self {
        Self { weight: self.weight, held: self.held.clone() }
    }
}

#[derive(Clone)]
pub(crate) struct ByWeight;

impl<T> Weighter<SessionId, Weighed<T>> for ByWeight {
    fn weight(&self, _: &SessionId, weighed: &Weighed<T>) -> u64 {
        // What weighs nothing would never be let go.
        weighed.weight.max(1)
    }
}

/// Held by session.
pub(crate) type Kept<T> = Cache<SessionId, Weighed<T>, ByWeight>;

/// Room for things of `weight` together, about so many of them. In one piece: of several, each would
/// turn away what weighs more than its share.
pub(crate) fn kept<T>(items: usize, weight: u64) -> Kept<T> {
    let options = OptionsBuilder::new()
        .estimated_items_capacity(items)
        .weight_capacity(weight)
        .shards(1)
        .build()
        .expect("both capacities are there");
    Cache::with_options(
        options,
        ByWeight,
        DefaultHashBuilder::default(),
        DefaultLifecycle::default(),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::SystemEnvironment;

    fn weighed(weight: u64) -> Weighed<()> {
        Weighed { weight, held: Arc::default() }
    }

    #[test]
    fn sync_5_what_weighs_nearly_all_there_is_room_for_is_kept() {
        let (small, large) =
            (SessionId::generate(&SystemEnvironment), SessionId::generate(&SystemEnvironment));
        let cache = kept(1_000, 1_000);
        cache.insert(large, weighed(950));
        assert!(cache.get(&large).is_some());
        // So is what grew to that.
        cache.insert(small, weighed(1));
        assert!(cache.replace(small, weighed(950), false).is_ok());
        assert_eq!(cache.get(&small).map(|small| small.weight), Some(950));
    }

    proptest! {
        #[test]
        fn sync_5_the_room_is_enough_whatever_is_put_in(
            puts in prop::collection::vec((0..20_usize, prop_oneof![0..1_500_u64, any::<u64>()]), 0..200)
        ) {
            let sessions: Vec<_> =
                (0..20).map(|_| SessionId::generate(&SystemEnvironment)).collect();
            let cache = kept(10, 1_000);
            for (at, weight) in puts {
                if let Some(session) = sessions.get(at) {
                    cache.insert(*session, weighed(weight));
                }
                let held: u64 = cache.iter().map(|(_, weighed)| weighed.weight).sum();
                prop_assert!(held <= 1_000, "{held}");
            }
        }
    }
}
