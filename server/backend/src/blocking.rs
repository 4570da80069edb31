//! Work that takes longer than a task may hold its thread.

use holdfast_domain::{Error, Result};

/// Below this many bytes, handing over costs more than the work.
const INLINE_BYTES: usize = 64 * 1024;

/// Runs work over `bytes` bytes: small work here, large work on a thread for it.
pub(crate) async fn blocking<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    if bytes < INLINE_BYTES {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(|cause| {
        tracing::error!(%cause, "work on a thread of its own failed");
        Error::Internal
    })
}
