//! Time and randomness, given from outside so that tests can set them.

use uuid::Uuid;

/// Where the current time and random bytes come from. One implementation per place that runs
/// (browser, server), one that tests set by hand.
pub trait Environment: Send + Sync {
    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64;

    /// Fills `buffer` with random bytes; for ids and keys they must be cryptographically strong.
    fn fill_random(&self, buffer: &mut [u8]);

    /// A UUID version 7 (RFC 9562): 48 bits of [`Environment::now_ms`], the rest random.
    fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill_random(&mut random);
        let millis = u64::try_from(self.now_ms()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A random Yjs client id: below 2^53, so that JavaScript clients can hold it.
    fn client_id(&self) -> u64 {
        let mut random = [0; 8];
        self.fill_random(&mut random);
        u64::from_le_bytes(random) & ((1 << 53) - 1)
    }
}
