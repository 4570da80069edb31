//! Random choices of a run, all from its seed.

use holdfast_domain::id::{SnapshotId, TabId};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// True in `per_thousand` of 1,000 cases.
    pub(super) fn in_thousand(&mut self, per_thousand: u32) -> bool {
        self.0.random_range(0..1_000) < per_thousand
    }

    pub(super) fn one_in(&mut self, times: u32) -> bool {
        self.0.random_range(0..times) == 0
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.random_range(least..=most)
    }

    pub(super) fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn uuid(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.number(), self.number())
    }

    pub(super) fn tab(&mut self) -> TabId {
        self.uuid().into()
    }

    pub(super) fn snapshot(&mut self) -> SnapshotId {
        self.uuid().into()
    }

    pub(super) fn incarnation(&mut self) -> holdfast_domain::id::IncarnationId {
        self.uuid().into()
    }
}
