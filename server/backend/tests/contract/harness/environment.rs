//! A clock for tests.

use std::sync::atomic::{AtomicI64, Ordering};

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;

pub(crate) const HOUR_MS: i64 = 60 * 60 * 1000;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// Real random bytes, a clock that is set.
pub(crate) struct Clock(AtomicI64);

impl Default for Clock {
    fn default() -> Self {
        // 2026-11-21
        Self(AtomicI64::new(1_795_219_200_000))
    }
}

impl Clock {
    pub(crate) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Environment for Clock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        SystemEnvironment.fill_random(buffer);
    }
}
