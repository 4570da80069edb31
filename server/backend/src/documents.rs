//! Documents in memory: replayed from the log where JSON, a preview or an edit by the server needs
//! one, kept in a bounded cache, and brought up to date by what was appended since.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use holdfast_domain::id::SessionId;
use holdfast_domain::{Context, Error, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::blocking::blocking;
use crate::log::{Part, WINDOW_BYTES};
use crate::sessions::SessionRow;
use crate::store::Store;
use crate::weighed::{Kept, Weighed, kept};

/// A document takes about this many times its bytes in the log.
const MEMORY_FACTOR: u64 = 4;
/// What even an empty one takes.
const LEAST_BYTES: u64 = 4 * 1024;

/// So many documents are built or read through at a time: that takes processors and memory, and a
/// save needs neither.
const AT_ONCE: usize = 4;

/// Documents by session.
pub(crate) struct Documents {
    cache: Kept<Document>,
    turns: Semaphore,
}

/// One session's document.
struct Document {
    /// The row of the log it stands at, at least.
    seq: AtomicI64,
    replica: Mutex<Replica>,
}

/// A document and the row of the log it stands at.
struct Replica {
    seq: i64,
    replayed: Replayed,
}

/// A document that was built from the log, and the bytes it was built from.
pub(crate) struct Replayed {
    pub(crate) context: Context,
    pub(crate) bytes: usize,
}

impl Documents {
    pub(crate) fn new(capacity_bytes: u64) -> Self {
        let items = usize::try_from(capacity_bytes / LEAST_BYTES).unwrap_or(usize::MAX).max(1);
        Self { cache: kept(items, capacity_bytes), turns: Semaphore::new(AT_ONCE) }
    }

    pub(crate) fn forget(&self, session: SessionId) {
        self.cache.remove(&session);
    }

    pub(crate) fn clear(&self) {
        self.cache.clear();
    }

    /// Waits until there is a processor for work over a whole document. Never while a connection is
    /// held: those whose turn it is may need one.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>> {
        self.turns.acquire().await.map_err(|_| Error::Unavailable)
    }
}

impl Document {
    fn new(replayed: Replayed, seq: i64) -> Self {
        Self { seq: AtomicI64::new(seq), replica: Mutex::new(Replica { seq, replayed }) }
    }

    fn replica(&self) -> MutexGuard<'_, Replica> {
        self.replica.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Weighed<Document> {
    fn new(document: Arc<Document>, bytes: usize) -> Self {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX / MEMORY_FACTOR);
        let weight = LEAST_BYTES.saturating_add(bytes.saturating_mul(MEMORY_FACTOR));
        Self { weight, held: document }
    }

    fn bytes(&self) -> usize {
        usize::try_from(self.weight / MEMORY_FACTOR).unwrap_or(usize::MAX)
    }
}

impl Store {
    /// Reads from the session's document as it is at `row`'s end of the log or, where that grew
    /// meanwhile, at the row that `read` is told. The caller holds no connection.
    pub(crate) async fn with_document<T: Send + 'static>(
        &self,
        row: &SessionRow,
        read: impl FnOnce(&Context, i64) -> T + Send + 'static,
    ) -> Result<T> {
        let _turn = self.documents.turn().await?;
        let weighed = self.document(row).await?;
        blocking(weighed.bytes(), move || {
            let replica = weighed.held.replica();
            read(&replica.replayed.context, replica.seq)
        })
        .await
    }

    async fn document(&self, row: &SessionRow) -> Result<Weighed<Document>> {
        let Some(weighed) = self.documents.cache.get(&row.id) else {
            let replayed = self.replay(row.id, row.seq).await?;
            let bytes = replayed.bytes;
            let weighed = Weighed::new(Arc::new(Document::new(replayed, row.seq)), bytes);
            self.documents.cache.insert(row.id, weighed.clone());
            return Ok(weighed);
        };
        let mut seq = weighed.held.seq.load(Ordering::Acquire);
        if seq >= row.seq {
            return Ok(weighed);
        }
        let mut bytes = 0;
        while seq < row.seq {
            let (parts, upto) = self.window(row.id, seq, row.seq).await?;
            bytes = catch_up(&weighed.held, parts, upto).await?;
            seq = upto;
        }
        let grown = Weighed::new(weighed.held, bytes);
        // Unless it was forgotten in between.
        let _ = self.documents.cache.replace(row.id, grown.clone(), false);
        Ok(grown)
    }

    /// The document as it was after row `seq`, built from the newest base before it. The caller has a
    /// turn and no connection.
    pub(crate) async fn replay(&self, session: SessionId, seq: i64) -> Result<Replayed> {
        let mut connection = self.database.read().await?;
        let base = self.read_base(&mut connection, session, seq).await?;
        drop(connection);
        let mut after = base.as_ref().map_or(0, |base| base.mark.seq);
        let base = base.map(|base| base.updates).unwrap_or_default();
        let bytes = base.iter().map(Vec::len).sum();
        let context = Context::new(self.environment.client_id());
        let mut replayed = Replayed { context, bytes };
        replayed = blocking(bytes, move || {
            apply(&mut replayed.context, &base);
            replayed
        })
        .await?;
        while after < seq {
            let (parts, upto) = self.window(session, after, seq).await?;
            replayed = blocking(bytes_of(&parts), move || {
                replayed.apply(&parts);
                replayed
            })
            .await?;
            after = upto;
        }
        Ok(replayed)
    }

    /// The first rows of the log after `after`, and the last of them.
    async fn window(&self, session: SessionId, after: i64, upto: i64) -> Result<(Vec<Part>, i64)> {
        let mut connection = self.database.read().await?;
        let upto = self.reach(&mut connection, session, after, upto, WINDOW_BYTES).await?;
        Ok((self.read_log(&mut connection, session, after, upto).await?, upto))
    }
}

impl Replayed {
    fn apply(&mut self, parts: &[Part]) {
        self.bytes = self.bytes.saturating_add(bytes_of(parts));
        apply(&mut self.context, parts.iter().flat_map(|part| &part.updates));
    }
}

/// Applies rows up to `seq`, and says how many bytes the document was built from.
async fn catch_up(document: &Arc<Document>, parts: Vec<Part>, seq: i64) -> Result<usize> {
    let document = document.clone();
    blocking(bytes_of(&parts), move || {
        let mut replica = document.replica();
        // Somebody else may have been quicker.
        if replica.seq < seq {
            replica.replayed.apply(&parts);
            replica.seq = seq;
            document.seq.fetch_max(seq, Ordering::AcqRel);
        }
        replica.replayed.bytes
    })
    .await
}

fn bytes_of(parts: &[Part]) -> usize {
    parts.iter().flat_map(|part| &part.updates).map(Vec::len).sum()
}

/// What does not pass the scan (any more) is left out.
fn apply<'a>(context: &mut Context, updates: impl IntoIterator<Item = &'a Vec<u8>>) {
    let (_, damaged) = context.apply_readable(updates.into_iter().map(Vec::as_slice));
    if damaged > 0 {
        tracing::error!(damaged, "updates in the log do not pass the scan and are left out");
    }
}
