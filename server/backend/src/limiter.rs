//! How often each of many may do something (SEC-4). In memory: with several nodes each counts for itself.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use holdfast_domain::{Error, Result};

/// After so many those who did nothing lately are forgotten.
const TIDY: u32 = 4096;

/// Counts for each key by itself.
pub struct Limiter<K: Hash + Eq + Clone> {
    counted: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// So often a minute, all at once or one by one.
    pub fn per_minute(number: u32) -> Self {
        Self::new(Quota::per_minute(at_least_one(number)))
    }

    /// So often an hour.
    pub fn per_hour(number: u32) -> Self {
        Self::new(Quota::per_hour(at_least_one(number)))
    }

    fn new(quota: Quota) -> Self {
        Self {
            counted: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            asked: AtomicU32::new(0),
        }
    }

    /// Counts once more.
    ///
    /// # Errors
    /// `RateLimited`: once too often, and not counted.
    pub fn count(&self, key: &K) -> Result<()> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(TIDY) {
            self.counted.retain_recent();
        }
        self.counted.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()).max(Duration::from_millis(1));
            let retry_after_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            Error::RateLimited { retry_after_ms }
        })
    }
}

fn at_least_one(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;

    #[test]
    fn sec_4_each_is_counted_by_itself() {
        let limiter = Limiter::per_hour(3);
        assert!((0..3).all(|_| limiter.count(&"one").is_ok()));
        let Err(Error::RateLimited { retry_after_ms }) = limiter.count(&"one") else {
            panic!("once too often")
        };
        // Three an hour are one in twenty minutes.
        assert!((1..=1_200_000).contains(&retry_after_ms), "{retry_after_ms}");
        assert!(limiter.count(&"other").is_ok());
    }
}
