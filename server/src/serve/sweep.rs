//! What has expired is removed now and then.

use std::time::Duration;

use holdfast_backend::{Backend, Sweep, SystemEnvironment};
use holdfast_domain::Environment;

/// Milliseconds between two sweeps: at least, at most.
const EVERY_MS: (u64, u64) = (240_000, 360_000);

const HOUR_MS: i64 = 60 * 60 * 1000;

/// At the start, then every few minutes. Not on the minute, so that several nodes do not meet.
pub(super) async fn keep_sweeping(backend: Backend) {
    loop {
        match backend.sweep_when_steady().await {
            Ok(Sweep::Removed(removed)) => {
                if removed > 0 {
                    tracing::info!(removed, "expired snapshots were removed");
                }
                sweep_accounts(&backend).await;
            }
            Ok(Sweep::Waits { jumped_ms: Some(jumped_ms) }) => tracing::warn!(
                hours = jumped_ms / HOUR_MS,
                "since the last sweep the clock jumped, or nobody swept: nothing is removed for a day"
            ),
            Ok(Sweep::Waits { jumped_ms: None }) => {
                tracing::info!("nothing is removed until the clock went on for a day");
            }
            Err(error) => tracing::warn!(code = error.code(), "the sweep is tried again later"),
        }
        let (least, most) = EVERY_MS;
        let mut random = [0; 8];
        SystemEnvironment.fill_random(&mut random);
        let jitter = u64::from_le_bytes(random) % (most - least);
        tokio::time::sleep(Duration::from_millis(least + jitter)).await;
    }
}

/// What is over of accounts and of signing in.
async fn sweep_accounts(backend: &Backend) {
    match backend.destroy_deleted_accounts().await {
        Ok(0) => {}
        Ok(destroyed) => tracing::info!(destroyed, "deleted accounts were destroyed"),
        Err(error) => {
            tracing::warn!(code = error.code(), "deleted accounts are destroyed later");
        }
    }
    if let Err(error) = backend.sweep_sign_ins().await {
        tracing::warn!(code = error.code(), "what is over of signing in is removed later");
    }
}
