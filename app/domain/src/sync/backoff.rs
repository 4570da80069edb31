//! When to try again (SYNC-3).

use rand::{Rng, RngExt};

const FIRST_MS: i64 = 1_000;
const LAST_MS: i64 = 30_000;
/// Full jitter may come close to zero; a failing store or server is not asked again that soon.
const LEAST_MS: i64 = 100;

/// Exponential backoff with full jitter: each failure doubles the longest wait, from 1 s to 30 s,
/// and the wait is anything up to it.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// How long to wait after one more failure, milliseconds.
    pub fn next_ms(&mut self, rng: &mut impl Rng) -> i64 {
        let longest = (FIRST_MS << self.failures.min(5)).min(LAST_MS);
        self.failures = self.failures.saturating_add(1);
        rng.random_range(LEAST_MS..=longest)
    }

    /// It worked.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn sync_3_waits_double_from_1_s_to_30_s_with_full_jitter() {
        let mut longest = [0; 8];
        let mut shortest = [i64::MAX; 8];
        for seed in 0..500 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut backoff = Backoff::default();
            for (longest, shortest) in longest.iter_mut().zip(&mut shortest) {
                let wait = backoff.next_ms(&mut rng);
                *longest = wait.max(*longest);
                *shortest = wait.min(*shortest);
            }
            backoff.reset();
            assert!(backoff.next_ms(&mut rng) <= 1_000);
        }
        for (at, ceiling) in [1, 2, 4, 8, 16, 30, 30, 30].into_iter().enumerate() {
            let (longest, shortest) = (longest.get(at), shortest.get(at));
            assert!(longest.is_some_and(|ms| (ceiling * 950..=ceiling * 1_000).contains(ms)));
            assert!(shortest.is_some_and(|ms| *ms < LEAST_MS + ceiling * 60));
        }
    }
}
