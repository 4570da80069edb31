//! Group commit: one task takes everything that waits, writes it in one transaction with full
//! durability, and then acknowledges all of it.

use std::sync::{Arc, Mutex, PoisonError};

use holdfast_domain::{Error, Result};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::Compactor;
use super::batch;
use super::job::{Committed, Job, Waiting};
use crate::store::Store;

/// Saves in one transaction, and the bytes after which no more join it.
const BATCH_SAVES: usize = 512;
const BATCH_BYTES: usize = 8 << 20;

/// The queue's bytes are counted in these, so that they fit the semaphore.
const UNIT_BYTES: usize = 1024;

/// The handle of the writing task.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
    bytes: Arc<Semaphore>,
    units: usize,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(crate) fn start(store: Arc<Store>, compactor: Arc<Compactor>) -> Self {
        let (queue, waiting) = mpsc::channel(store.settings.queue_saves.max(1));
        let units = (store.settings.queue_bytes / UNIT_BYTES).clamp(1, Semaphore::MAX_PERMITS);
        let task = tokio::spawn(run(store, compactor, waiting));
        Self {
            queue: Mutex::new(Some(queue)),
            bytes: Arc::new(Semaphore::new(units)),
            units,
            task: Mutex::new(Some(task)),
        }
    }

    /// Does the job with the next transaction, and answers when that is committed.
    ///
    /// # Errors
    /// `Unavailable` when too much waits already; nothing was done then.
    pub(crate) async fn submit(&self, job: Job) -> Result<Committed> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let queue = queue.ok_or(Error::Unavailable)?;
        // One job larger than the whole queue may go alone.
        let units = (job.bytes() / UNIT_BYTES + 1).min(self.units);
        let units = u32::try_from(units).map_err(|_| Error::Unavailable)?;
        let bytes = self.bytes.clone().try_acquire_many_owned(units);
        let bytes = bytes.map_err(|_| Error::Unavailable)?;
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { job, reply, _bytes: bytes };
        queue.try_send(waiting).map_err(|_| Error::Unavailable)?;
        // Without an answer it is not known what happened; asking again does no harm.
        answer.await.unwrap_or(Err(Error::Unavailable))
    }

    /// Whether saves are taken.
    pub(crate) fn runs(&self) -> bool {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.as_ref().is_some_and(|queue| !queue.is_closed())
    }

    /// Takes no more, and waits until everything taken is answered.
    pub(crate) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

async fn run(store: Arc<Store>, compactor: Arc<Compactor>, mut queue: mpsc::Receiver<Waiting>) {
    while let Some(first) = queue.recv().await {
        let mut bytes = first.job.bytes();
        let mut waiting = vec![first];
        while waiting.len() < BATCH_SAVES && bytes < BATCH_BYTES {
            let Ok(next) = queue.try_recv() else { break };
            bytes += next.job.bytes();
            waiting.push(next);
        }
        // A task of its own: should it panic, these saves fail and the next ones do not.
        let batch = tokio::spawn(batch::run(store.clone(), compactor.clone(), waiting));
        // Not the cause: it quotes what a panic said, and that may quote what a person wrote.
        if batch.await.is_err() {
            tracing::error!("a batch of saves panicked");
        }
    }
}
