//! What has expired is removed now and then.

use std::time::Duration;

use holdfast_backend::{Backend, SystemEnvironment};
use holdfast_domain::Environment;

/// Milliseconds between two sweeps: at least, at most.
const EVERY_MS: (u64, u64) = (240_000, 360_000);

/// At the start, then every few minutes. Not on the minute, so that several nodes do not meet.
pub(super) async fn keep_sweeping(backend: Backend) {
    loop {
        match backend.sweep().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "expired snapshots were removed"),
            Err(error) => tracing::warn!(code = error.code(), "the sweep is tried again later"),
        }
        let (least, most) = EVERY_MS;
        let mut random = [0; 8];
        SystemEnvironment.fill_random(&mut random);
        let jitter = u64::from_le_bytes(random) % (most - least);
        tokio::time::sleep(Duration::from_millis(least + jitter)).await;
    }
}
