//! Writes bases in the background, so that opening a session need not read all of its log. A save
//! never waits for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use holdfast_domain::id::SessionId;
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::{Coverage, scan_taken};
use holdfast_domain::{Context, Result};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Job;
use super::base::{BaseMark, SealedBase};
use crate::Settings;
use crate::blocking::blocking;
use crate::sessions::SessionRow;
use crate::store::Store;

/// Sessions that may wait for a base; one more is offered again with its next save.
const QUEUE: usize = 1024;

/// A base costs as much as the context is large, so of a large one it is worth it only when the log
/// after it has grown to at least one part of this.
const LEAST_PART: i64 = 8;

/// What other nodes may have written into a session since this one last did, without its being read again
/// before a save.
const OTHERS_BYTES: usize = 8 << 20;

/// Whether the log after a base has become so long that there should be another one.
pub(super) fn due(settings: &Settings, mark: BaseMark, seq: i64, log_bytes: i64) -> bool {
    let (rows, bytes) = (seq - mark.seq, log_bytes - mark.log_bytes);
    let many = rows >= settings.base_every_updates && bytes >= mark.size / LEAST_PART;
    many || bytes >= settings.base_every_bytes.max(mark.size)
}

/// The handle of the compacting task.
pub(crate) struct Compactor {
    queue: Mutex<Option<mpsc::Sender<SessionId>>>,
    closing: Arc<AtomicBool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Compactor {
    pub(crate) fn start(store: Arc<Store>) -> Self {
        let (queue, sessions) = mpsc::channel(QUEUE);
        let closing = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(run(store, sessions, closing.clone()));
        Self { queue: Mutex::new(Some(queue)), closing, task: Mutex::new(Some(task)) }
    }

    /// Asks for a base where one is due.
    pub(crate) fn offer(&self, session: SessionId) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = &*queue {
            let _ = queue.try_send(session);
        }
    }

    /// Finishes the base it is at. The sessions that wait are offered again with their next save.
    pub(crate) async fn close(&self) {
        self.closing.store(true, Ordering::Release);
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

async fn run(store: Arc<Store>, mut sessions: mpsc::Receiver<SessionId>, closing: Arc<AtomicBool>) {
    while let Some(session) = sessions.recv().await {
        if closing.load(Ordering::Acquire) {
            return;
        }
        // A task of its own: should it panic, this session goes without a base and others do not.
        let store = store.clone();
        let base = tokio::spawn(async move { store.compact(session, due).await });
        // Errors are logged where they happen; the next save asks again.
        // A panic's text is not logged: it may quote what a person wrote.
        if base.await.is_err() {
            tracing::error!(%session, "writing a base panicked");
        }
    }
}

impl Store {
    /// Does before a job waits for the writer what the writer should not have to wait for: the
    /// session's head comes into memory, and where the context may be over its limit its true size
    /// is found out.
    pub(crate) async fn make_ready(&self, row: &SessionRow, job: &Job) -> Result<()> {
        if job.items.is_empty() && !job.want_state_vector {
            return Ok(());
        }
        self.warm(row).await?;
        let size = self.heads.mark(row.id).size_with(row.log_bytes);
        let size = usize::try_from(size).unwrap_or(0).saturating_add(job.update_bytes());
        if size > CONTEXT_BYTES { self.measure(row.id).await } else { Ok(()) }
    }

    /// Whether all of that is done already, as far as can be known without reading anything. Most saves are
    /// such: two readings would cost them more than all the rest.
    pub(crate) fn is_ready(&self, job: &Job) -> bool {
        let size = self.heads.size(job.session).and_then(|size| usize::try_from(size).ok());
        size.is_some_and(|size| size + job.update_bytes() + OTHERS_BYTES <= CONTEXT_BYTES)
    }

    /// Measures the context: writes a base of all of its log, unless one is there.
    async fn measure(&self, session: SessionId) -> Result<()> {
        self.compact(session, |_, mark, seq, _| mark.seq < seq).await
    }

    async fn compact(
        &self,
        session: SessionId,
        wanted: impl Fn(&Settings, BaseMark, i64, i64) -> bool,
    ) -> Result<()> {
        let mut connection = self.database.read().await?;
        let Some(row) = self.find_session(&mut connection, session).await? else { return Ok(()) };
        let mark = self.base_mark(&mut connection, session, row.seq).await?;
        self.heads.set_mark(session, mark);
        if !wanted(&self.settings, mark, row.seq, row.log_bytes) {
            return Ok(());
        }
        let key = self.keyring.get(&mut connection, &row.key).await?;
        drop(connection);
        let turn = self.documents.turn().await?;
        let replayed = self.replay(session, row.seq).await?;
        let encoded = blocking(replayed.bytes, move || encode(&replayed.context));
        let (updates, coverage) = encoded.await??;
        drop(turn);
        let size = updates.iter().map(Vec::len).sum::<usize>();
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let mark = BaseMark { seq: row.seq, size, log_bytes: row.log_bytes };
        let base = SealedBase::new(self, &key, session, &updates, &coverage)?;
        base.insert(self, &key, session, mark).await?;
        self.heads.set_mark(session, mark);
        Ok(())
    }
}

/// The document, what waits in it for a damaged part to be healed, and what the document contains,
/// read from the very bytes that are stored.
fn encode(document: &Context) -> Result<(Vec<Vec<u8>>, Coverage)> {
    let encoded = document.encode();
    let mut coverage = Coverage::default();
    coverage.add(&scan_taken(&encoded)?);
    let waiting = document.waiting().iter().cloned();
    Ok((std::iter::once(encoded).chain(waiting).collect(), coverage))
}
