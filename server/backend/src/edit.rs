//! Edits by the server: a restore, its undo, shared values. The document is loaded, changed by a
//! fresh client id (one that has no document wins or loses by the accident of its number), and what
//! that gave is appended like anybody's updates. If the log grew meanwhile it is done again.

use holdfast_domain::id::SessionId;
use holdfast_domain::scan::scan_taken;
use holdfast_domain::{Context, Error, Result};

use crate::log::{Item, Job, Outcome};
use crate::{Backend, Visitor};

/// How often an edit is tried while others write; then it is `Unavailable`.
const ATTEMPTS: usize = 8;

/// What changing a document gave.
pub(crate) struct Edited<T> {
    /// To be appended; `None`: the edit is not done after all.
    pub(crate) updates: Option<Vec<Vec<u8>>>,
    pub(crate) value: T,
}

impl Backend {
    /// Changes the document by `change` and appends that; `extend` says what else belongs to the
    /// same transaction. Both may be called several times.
    pub(crate) async fn edit<T: Send + 'static>(
        &self,
        visitor: &Visitor,
        session: SessionId,
        change: impl Fn(&mut Context) -> Result<Edited<T>> + Clone + Send + 'static,
        extend: impl Fn(&mut Job, &T) -> Result<()>,
    ) -> Result<T> {
        for _ in 0..ATTEMPTS {
            let mut connection = self.store.database.read().await?;
            let row = self.store.owned(&mut connection, visitor, session).await?;
            let (change, client_id) = (change.clone(), self.store.environment.client_id());
            drop(connection);
            let changed = self.store.with_document(&row, move |context, seq| {
                let mut own = copy(context, client_id)?;
                let edited = change(&mut own)?;
                let items = edited.updates.map(items).transpose()?;
                Ok::<_, Error>((seq, items, edited.value))
            });
            let (seq, items, value) = changed.await??;
            let Some(items) = items else { return Ok(value) };
            let mut job = Job::new(visitor.clone(), session);
            job.items = items;
            job.expected_seq = Some(seq);
            extend(&mut job, &value)?;
            self.store.make_ready(&row, &job).await?;
            match self.writer.submit(job).await?.outcome {
                Outcome::Acked => return Ok(value),
                Outcome::Refused { error, .. } => return Err(error),
                Outcome::Moved => {}
                Outcome::MissingDependency => {
                    // What the log contains is not what this document is: read both again.
                    self.store.heads.forget(session);
                    self.store.documents.forget(session);
                }
            }
        }
        Err(Error::Unavailable)
    }
}

/// The same document, written to by another client.
fn copy(context: &Context, client_id: u64) -> Result<Context> {
    let mut copy = Context::new(client_id);
    copy.apply(&context.encode())?;
    for waiting in context.waiting() {
        copy.apply(waiting)?;
    }
    Ok(copy)
}

fn items(updates: Vec<Vec<u8>>) -> Result<Vec<Item>> {
    let item = |update: Vec<u8>| {
        let scan = scan_taken(&update)?;
        Ok(Item::Update(update, scan))
    };
    updates.into_iter().map(item).collect()
}
