//! Time and randomness of a server: the system's clock and the operating system's random bytes.

use std::time::{SystemTime, UNIX_EPOCH};

use holdfast_domain::Environment;

/// The environment of a running server.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEnvironment;

impl Environment for SystemEnvironment {
    fn now_ms(&self) -> i64 {
        // Before 1970 the clock is wrong anyway.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        if let Err(cause) = getrandom::fill(buffer) {
            // Going on with bytes that can be guessed would give away every key made from them.
            tracing::error!(%cause, "the operating system gives no random bytes");
            std::process::abort();
        }
    }
}
