//! How many sessions an account may make, and how many guests an address (SEC-4). In memory: with several nodes each
//! counts for itself.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use holdfast_domain::id::AccountId;
use holdfast_domain::{Error, Result};

/// After so many those who made nothing lately are forgotten.
const TIDY: u32 = 4096;

/// Who is counted, each by itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Account(AccountId),
    Address(IpAddr),
}

/// What was made lately.
pub(crate) struct Creations {
    made: DefaultKeyedRateLimiter<By>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl Creations {
    /// So many an hour, all at once or one by one.
    pub(crate) fn new(per_hour: u32) -> Self {
        let number = NonZeroU32::new(per_hour).unwrap_or(NonZeroU32::MIN);
        Self {
            made: RateLimiter::keyed(Quota::per_hour(number)),
            clock: DefaultClock::default(),
            asked: AtomicU32::new(0),
        }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// `RateLimited`.
    pub(crate) fn count(&self, by: By) -> Result<()> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(TIDY) {
            self.made.retain_recent();
        }
        self.made.check_key(&by).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()).max(Duration::from_millis(1));
            let retry_after_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            Error::RateLimited { retry_after_ms }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn sec_4_each_is_counted_by_itself() {
        let creations = Creations::new(3);
        let [one, other] = [1, 2].map(|last| By::Address(Ipv4Addr::new(192, 0, 2, last).into()));
        assert!((0..3).all(|_| creations.count(one).is_ok()));
        let Err(Error::RateLimited { retry_after_ms }) = creations.count(one) else {
            panic!("one too many")
        };
        // The next one of three an hour.
        assert!((1..=1_200_000).contains(&retry_after_ms), "{retry_after_ms}");
        assert!(creations.count(other).is_ok());
    }
}
