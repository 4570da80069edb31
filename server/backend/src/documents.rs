//! Documents in memory: replayed from the log where JSON, a preview or an edit by the server needs
//! one, kept in a bounded cache, and brought up to date by what was appended since.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use holdfast_domain::id::SessionId;
use holdfast_domain::{Context, Result};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sqlx::AnyConnection;

use crate::blocking::blocking;
use crate::log::Part;
use crate::sessions::SessionRow;
use crate::store::Store;

/// A document takes about this many times its bytes in the log.
const MEMORY_FACTOR: u64 = 4;
/// What even an empty one takes.
const LEAST_BYTES: u64 = 4 * 1024;

/// Documents by session.
pub(crate) struct Documents(Cache<SessionId, Arc<Document>, ByBytes>);

/// One session's document.
struct Document {
    /// What it takes in memory, about.
    bytes: u64,
    /// The row of the log it stands at, at least.
    seq: AtomicI64,
    replica: Mutex<Replica>,
}

/// A document and the row of the log it stands at.
struct Replica {
    seq: i64,
    context: Context,
}

/// A document that was built from the log, and the bytes it was built from.
pub(crate) struct Replayed {
    pub(crate) context: Context,
    pub(crate) bytes: usize,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<SessionId, Arc<Document>> for ByBytes {
    fn weight(&self, _: &SessionId, document: &Arc<Document>) -> u64 {
        document.bytes
    }
}

impl Documents {
    pub(crate) fn new(capacity_bytes: u64) -> Self {
        let items = usize::try_from(capacity_bytes / LEAST_BYTES).unwrap_or(usize::MAX).max(1);
        Self(Cache::with_weighter(items, capacity_bytes, ByBytes))
    }

    pub(crate) fn forget(&self, session: SessionId) {
        self.0.remove(&session);
    }

    pub(crate) fn clear(&self) {
        self.0.clear();
    }
}

impl Document {
    fn new(Replayed { context, bytes }: Replayed, seq: i64) -> Self {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX / MEMORY_FACTOR);
        Self {
            bytes: LEAST_BYTES + bytes.saturating_mul(MEMORY_FACTOR),
            seq: AtomicI64::new(seq),
            replica: Mutex::new(Replica { seq, context }),
        }
    }

    fn replica(&self) -> MutexGuard<'_, Replica> {
        self.replica.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Reads from the session's document as it is at `row`'s end of the log or, where that grew
    /// meanwhile, at the row that `read` is told.
    pub(crate) async fn with_document<T: Send + 'static>(
        &self,
        connection: &mut AnyConnection,
        row: &SessionRow,
        read: impl FnOnce(&Context, i64) -> T + Send + 'static,
    ) -> Result<T> {
        let document = self.document(connection, row).await?;
        let bytes = usize::try_from(document.bytes / MEMORY_FACTOR).unwrap_or(usize::MAX);
        blocking(bytes, move || {
            let replica = document.replica();
            read(&replica.context, replica.seq)
        })
        .await
    }

    async fn document(
        &self,
        connection: &mut AnyConnection,
        row: &SessionRow,
    ) -> Result<Arc<Document>> {
        let Some(document) = self.documents.0.get(&row.id) else {
            let replayed = self.replay(connection, row.id, row.seq).await?;
            let document = Arc::new(Document::new(replayed, row.seq));
            self.documents.0.insert(row.id, document.clone());
            return Ok(document);
        };
        let seq = document.seq.load(Ordering::Acquire);
        if seq < row.seq {
            let parts = self.read_log(connection, row.id, seq, row.seq).await?;
            catch_up(&document, parts, row.seq).await?;
        }
        Ok(document)
    }

    /// The document as it was after row `seq`, built from the newest base before it.
    pub(crate) async fn replay(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        seq: i64,
    ) -> Result<Replayed> {
        let base = self.read_base(connection, session, seq).await?;
        let after = base.as_ref().map_or(0, |base| base.mark.seq);
        let parts = self.read_log(connection, session, after, seq).await?;
        let client_id = self.environment.client_id();
        let base = base.map(|base| base.updates).unwrap_or_default();
        let bytes = bytes_of(&parts) + base.iter().map(Vec::len).sum::<usize>();
        blocking(bytes, move || {
            let mut context = Context::new(client_id);
            apply(&mut context, &base);
            apply_parts(&mut context, &parts);
            Replayed { context, bytes }
        })
        .await
    }
}

async fn catch_up(document: &Arc<Document>, parts: Vec<Part>, seq: i64) -> Result<()> {
    let document = document.clone();
    blocking(bytes_of(&parts), move || {
        let mut replica = document.replica();
        apply_parts(&mut replica.context, &parts);
        replica.seq = replica.seq.max(seq);
        document.seq.fetch_max(seq, Ordering::AcqRel);
    })
    .await
}

fn bytes_of(parts: &[Part]) -> usize {
    parts.iter().flat_map(|part| &part.updates).map(Vec::len).sum()
}

fn apply_parts(context: &mut Context, parts: &[Part]) {
    let all = parts.iter().flat_map(|part| &part.updates).map(Vec::as_slice);
    if context.apply_all(all).is_err() {
        // One of them does not pass the scan (any more): the others count.
        for part in parts {
            apply(context, &part.updates);
        }
    }
}

fn apply(context: &mut Context, updates: &[Vec<u8>]) {
    for update in updates {
        if context.apply(update).is_err() {
            tracing::error!("an update in the log does not pass the scan and is left out");
        }
    }
}
