//! A session from a file.

use std::io::{Read, Seek};

use holdfast_domain::audit::AuditKind;
use holdfast_domain::bundle::{HISTORY, Manifest};
use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_domain::{Error, Result};

use super::check::{Checked, check, check_sum};
use super::history::Row;
use super::unzip::Unpacked;
use crate::blocking::blocking;
use crate::log::{Arrival, Begun, NewSession, PastRow};
use crate::{Backend, Visitor};

/// Bytes of updates and rows in one transaction, at most, unless one row has more.
const PORTION: (usize, usize) = (1 << 20, 256);
/// Client ids in one transaction.
const CLIENTS: usize = 4_096;
/// Snapshots in one transaction.
const SNAPSHOTS: usize = 256;

impl Backend {
    /// Makes a session `new_id` of the visitor's from a file that [`Backend::export`] wrote, here or elsewhere: the
    /// same context, history and snapshots, active, under a key of its own. The file is not believed anything: it is
    /// read to the end, and every update scanned, before anything is written. Asked again with the same id it
    /// answers with the session that is there, as that is now.
    ///
    /// # Errors
    /// What is wrong with the file: `BadImport`, `UnsupportedVersion`, `LimitExceeded`, `InvalidValue` (a name),
    /// `Malformed` and `Schema` (an update). Otherwise `NotFound` (the id is another account's), `Gone`,
    /// `NotSignedIn`, `StorageFull`, `Unavailable`. Nothing is left of it then.
    pub async fn import<R: Read + Seek + Send + 'static>(
        &self,
        visitor: &Visitor,
        reader: R,
        new_id: SessionId,
    ) -> Result<SessionSummary> {
        if let Some(there) = self.imported(visitor, new_id).await? {
            return Ok(there);
        }
        let turn = self.store.documents.turn().await?;
        let (now, client_id) = (self.now_ms(), self.store.environment.client_id());
        let checked = blocking(usize::MAX, move || check(reader, now, client_id)).await??;
        drop(turn);
        let new = NewSession {
            id: new_id,
            name: checked.name.clone(),
            created_at: checked.manifest.session.created_at_ms,
            // It is to read as it did; what is shared later comes into it.
            shared_seq: None,
            kind: AuditKind::SessionImported,
            detail: String::new(),
        };
        match self.begin_arrival(visitor, new).await? {
            Begun::There(summary) => Ok(summary),
            Begun::New(mut arrival) => {
                let imported = self.bring_in(&mut arrival, checked).await;
                if imported.is_err() {
                    // What cannot be removed now goes with the sweep.
                    let _ = self.give_up(arrival).await;
                }
                imported
            }
        }
    }

    /// The session under this id, where it came before.
    async fn imported(&self, visitor: &Visitor, id: SessionId) -> Result<Option<SessionSummary>> {
        let (store, mut connection) = (&self.store, self.store.database.read().await?);
        let account = store.account(&mut connection, visitor).await?;
        match store.find_session(&mut connection, id).await? {
            None if store.destroyed_by(&mut connection, id).await?.is_none() => Ok(None),
            None => Err(store.missing(&mut connection, account, id).await?),
            Some(row) if Some(row.account) != account => Err(Error::NotFound),
            Some(row) if row.is_arriving() => Ok(None),
            Some(row) if row.state == SessionState::Deleted => Err(row.gone(store)),
            Some(row) => row.summary(store, &mut connection).await.map(Some),
        }
    }

    async fn bring_in<R: Read + Seek + Send + 'static>(
        &self,
        arrival: &mut Arrival,
        checked: Checked<R>,
    ) -> Result<SessionSummary> {
        let Checked { archive, manifest, snapshots, clients, rest, .. } = checked;
        let now = self.now_ms();
        let authors = (1..manifest.authors).map(|_| AccountId::generate(&*self.store.environment));
        let authors: Vec<AccountId> = authors.collect();
        let file = blocking(usize::MAX, move || archive.into_file(HISTORY)).await??;
        let mut rows = Rows { file: Some(file), manifest, authors, now };
        while rows.file.is_some() {
            let (read, portion) = blocking(usize::MAX, move || {
                let portion = rows.portion();
                (rows, portion)
            })
            .await?;
            rows = read;
            let portion = portion?;
            if !portion.is_empty() {
                arrival.put(self, portion).await?;
            }
        }
        if let Some(update) = rest {
            let row = PastRow { at: now, author: None, restored: false, updates: vec![update] };
            arrival.put(self, vec![row]).await?;
        }
        for clients in clients.chunks(CLIENTS) {
            arrival.put_clients(self, clients).await?;
        }
        for snapshots in snapshots.chunks(SNAPSHOTS) {
            arrival.put_snapshots(self, snapshots).await?;
        }
        arrival.finish(self).await
    }
}

/// The history, read once more.
struct Rows<R: Read> {
    /// `None`: read to its end.
    file: Option<Unpacked<R>>,
    manifest: Manifest,
    /// Those who are not the importer, from 1 on.
    authors: Vec<AccountId>,
    now: i64,
}

impl<R: Read> Rows<R> {
    /// The next rows.
    fn portion(&mut self) -> Result<Vec<PastRow>> {
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while let Some(file) = &mut self.file
            && bytes < PORTION.0
            && rows.len() < PORTION.1
        {
            let Some(row) = Row::read(file)? else {
                // Somebody might have changed it under our hands.
                if let Some(file) = self.file.take() {
                    check_sum(&self.manifest, HISTORY, &file.finish()?)?;
                }
                break;
            };
            bytes += row.bytes();
            let place = usize::try_from(row.author).unwrap_or(usize::MAX).checked_sub(1);
            rows.push(PastRow {
                at: row.at.clamp(0, self.now),
                author: place.and_then(|place| self.authors.get(place).copied()),
                restored: row.restored,
                updates: row.updates,
            });
        }
        Ok(rows)
    }
}
