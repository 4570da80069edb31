//! What time does by itself is done now and then: see [`Backend::sweep`].

use std::time::Duration;

use holdfast_backend::{Backend, Sweep, Swept, SystemEnvironment};
use holdfast_domain::Environment;

/// Milliseconds between two sweeps: at least, at most.
const EVERY_MS: (u64, u64) = (240_000, 360_000);

const HOUR_MS: i64 = 60 * 60 * 1000;

/// At the start, then every few minutes. Not on the minute, so that several nodes do not meet.
pub(super) async fn keep_sweeping(backend: Backend) {
    loop {
        match backend.sweep().await {
            Ok(Sweep::Done(swept)) if swept == Swept::default() => {
                tracing::debug!("swept: nothing was due");
            }
            Ok(Sweep::Done(Swept {
                snapshots,
                abandoned,
                archived,
                destroyed,
                accounts,
                guests,
            })) => {
                for (kind, number) in [
                    ("snapshots", snapshots),
                    ("abandoned", abandoned),
                    ("archived", archived),
                    ("destroyed", destroyed),
                    ("accounts", accounts),
                    ("guests", guests),
                ] {
                    metrics::counter!("holdfast_swept_total", "kind" => kind).increment(number);
                }
                tracing::info!(
                    snapshots, abandoned, archived, destroyed, accounts, guests, "swept"
                );
            }
            Ok(Sweep::Elsewhere) => tracing::debug!("another node sweeps"),
            Ok(Sweep::Waits { jumped_ms: Some(jumped_ms) }) => tracing::warn!(
                hours = jumped_ms / HOUR_MS,
                "since the last sweep the clock jumped, or nobody swept: nothing is swept for a day"
            ),
            Ok(Sweep::Waits { jumped_ms: None }) => {
                tracing::info!("nothing is swept until the clock went on for a day");
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
