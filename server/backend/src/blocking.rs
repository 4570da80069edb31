//! Work that takes longer than a task may hold its thread.

use holdfast_domain::{Error, Result};

/// Below this many bytes, handing over costs more than the work.
const INLINE_BYTES: usize = 64 * 1024;

/// Runs work over `bytes` bytes: small work here, large work on a thread for it.
pub(crate) async fn blocking<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    match bytes < INLINE_BYTES {
        true => Ok(work()),
        false => on_thread(work).await,
    }
}

/// Runs work that waits for a disk, or takes its time, on a thread for it.
pub(crate) async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    // Not the cause: it quotes what a panic said, and that may quote what a person wrote.
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        tracing::error!("work on a thread of its own panicked");
        Error::Internal
    })
}
