//! A session as one file.

use std::collections::HashMap;
use std::io::{Seek, Write};

use holdfast_domain::audit::AuditKind;
use holdfast_domain::bundle::{
    BundledSession, BundledSnapshot, CONTEXT, CONTEXT_JSON, FORMAT, HISTORY, Manifest, SNAPSHOTS,
    VERSION,
};
use holdfast_domain::id::SessionId;
use holdfast_domain::{Error, Result};

use super::pack::Pack;
use super::past::Past;
use crate::audit::Entry;
use crate::blocking::blocking;
use crate::log::WINDOW_BYTES;
use crate::sessions::SessionRow;
use crate::snapshots::PastSnapshot;
use crate::{Backend, Visitor};

/// What a row of the history takes beside its updates, about.
const ROW_BYTES: i64 = 64;

/// A session that was written into a file.
#[derive(Debug)]
pub struct Export<W> {
    /// Where it was written to, at its end.
    pub writer: W,
    /// What is in it.
    pub manifest: Manifest,
}

impl Backend {
    /// Writes a session, in any state but deleted, as one zip file (`docs/EXPORT.md`): its context, its history and
    /// its snapshots as they are at one moment. In memory are the context and a part of the history at a time. What
    /// is written before an error is no whole file.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `StorageFull` (of the writer too), `Unavailable`.
    pub async fn export<W: Write + Seek + Send + 'static>(
        &self,
        visitor: &Visitor,
        session: SessionId,
        writer: W,
    ) -> Result<Export<W>> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        let summary = row.summary(&self.store, &mut connection).await?;
        drop(connection);
        let mut pack = Pack::new(writer);
        let context = self.store.with_document(&row, |context, seq| {
            // Both of the same moment; the pack is not here, as it may wait for a disk.
            let json = serde_json::to_vec_pretty(&context.to_json());
            (json, context.encode(), seq)
        });
        let (json, bytes, seq) = context.await?;
        let json = json.map_err(|_| Error::Internal)?;
        pack = blocking(json.len() + bytes.len(), move || {
            pack.put(CONTEXT_JSON, &json)?;
            pack.put(CONTEXT, &bytes)?;
            Ok::<_, Error>(pack)
        })
        .await??;
        let row = SessionRow { seq, ..row };
        let (pack, past) = self.export_history(&row, pack).await?;
        let (pack, snapshots) = self.export_snapshots(&row, pack, &past).await?;
        let manifest = Manifest {
            format: FORMAT.into(),
            version: VERSION,
            exported_at_ms: self.now_ms(),
            session: BundledSession {
                id: session,
                name: summary.name,
                state: summary.state,
                created_at_ms: summary.created_at_ms,
                updated_at_ms: summary.updated_at_ms,
                active_at_ms: summary.active_at_ms,
            },
            rows: past.rows(),
            updates: past.updates(),
            authors: past.authors(),
            snapshots,
            files: Vec::new(),
        };
        let (writer, manifest) = blocking(usize::MAX, move || pack.finish(manifest)).await??;
        // It may have been deleted meanwhile.
        let mut write = self.store.database.write().await?;
        let row = self.store.owned(write.connection()?, visitor, session).await?;
        let entry = Entry::of(row.account, AuditKind::SessionExported).session(session);
        entry.write(&self.store, write.connection()?).await?;
        write.commit().await?;
        Ok(Export { writer, manifest })
    }

    async fn export_history<W: Write + Seek + Send + 'static>(
        &self,
        row: &SessionRow,
        mut pack: Pack<W>,
    ) -> Result<(Pack<W>, Past)> {
        let bytes = row.log_bytes.saturating_add(row.seq.saturating_mul(ROW_BYTES));
        pack.start(HISTORY, u64::try_from(bytes).unwrap_or(u64::MAX))?;
        let mut connection = self.store.database.read().await?;
        let mut past = Past::new(self.store.own_authors(&mut connection, row.account).await?);
        drop(connection);
        let mut after = 0;
        while after < row.seq {
            let mut connection = self.store.database.read().await?;
            let upto =
                self.store.reach(&mut connection, row.id, after, row.seq, WINDOW_BYTES).await?;
            let origins = self.store.origins(&mut connection, row.id, after, upto).await?;
            let parts = self.store.read_log(&mut connection, row.id, after, upto).await?;
            drop(connection);
            let added = blocking(usize::MAX, move || {
                for part in parts {
                    if let Some(row) = past.add(part, &origins)? {
                        pack.write(&row.encode()?)?;
                    }
                }
                Ok::<_, Error>((pack, past))
            });
            (pack, past) = added.await??;
            after = upto;
        }
        Ok((pack, past))
    }

    async fn export_snapshots<W: Write + Seek + Send + 'static>(
        &self,
        row: &SessionRow,
        mut pack: Pack<W>,
        past: &Past,
    ) -> Result<(Pack<W>, u64)> {
        let mut connection = self.store.database.read().await?;
        let snapshots = self.store.past_snapshots(&mut connection, row, row.seq).await?;
        drop(connection);
        let bundled = |snapshot: PastSnapshot| BundledSnapshot {
            id: snapshot.id,
            name: snapshot.name,
            kind: snapshot.kind,
            pinned: snapshot.pinned,
            created_at_ms: snapshot.created_at,
            row: past.place(snapshot.seq),
        };
        let snapshots: Vec<BundledSnapshot> = snapshots.into_iter().map(bundled).collect();
        let count = snapshots.len() as u64;
        pack = blocking(usize::MAX, move || {
            pack.put_json(SNAPSHOTS, &snapshots)?;
            Ok::<_, Error>(pack)
        })
        .await??;
        Ok((pack, count))
    }
}

/// When each row was written, and by which account.
pub(super) type Origins = HashMap<i64, (i64, String)>;
