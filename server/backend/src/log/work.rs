//! A session inside the writer's transaction.

use std::sync::Arc;

use holdfast_domain::Result;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::event::EventKind;
use holdfast_domain::id::AccountId;
use sqlx::AnyConnection;

use super::base::BaseMark;
use super::compact::due;
use super::head::{Head, Taken};
use super::insert::NewRow;
use super::job::{Committed, Outcome};
use crate::cipher::Key;
use crate::sessions::SessionRow;
use crate::statistics::Activity;
use crate::store::Store;

/// What the transaction makes of one session.
pub(super) struct Work {
    /// As it will be written.
    pub(super) row: SessionRow,
    /// The end of its log before.
    pub(super) before: i64,
    /// To be inserted.
    pub(super) rows: Vec<NewRow>,
    /// What the audit log is told.
    pub(super) told: Vec<AuditKind>,
    /// What watchers are told.
    pub(super) events: Vec<EventKind>,
    /// What the person's statistics are told.
    pub(super) activity: Activity,
    changed: bool,
    key: Option<Arc<Key>>,
    name: Option<String>,
    head: Option<(Taken, Head)>,
    due: bool,
}

impl Work {
    pub(super) fn new(row: SessionRow) -> Self {
        Self {
            before: row.seq,
            row,
            rows: Vec::new(),
            told: Vec::new(),
            events: Vec::new(),
            activity: Activity::default(),
            changed: false,
            key: None,
            name: None,
            head: None,
            due: false,
        }
    }

    /// One that was created in this transaction.
    pub(super) fn created(row: SessionRow, key: Arc<Key>, name: String) -> Self {
        let told = vec![AuditKind::SessionCreated];
        Self { key: Some(key), name: Some(name), told, changed: true, ..Self::new(row) }
    }

    /// The row must be written.
    pub(super) fn change(&mut self) {
        self.changed = true;
    }

    pub(super) fn changed(&self) -> bool {
        self.changed
    }

    pub(super) fn set_name(&mut self, name: String) {
        self.name = Some(name);
    }

    pub(super) async fn key(
        &mut self,
        store: &Store,
        connection: &mut AnyConnection,
    ) -> Result<Arc<Key>> {
        if let Some(key) = &self.key {
            return Ok(key.clone());
        }
        let key = store.keyring.get(connection, &self.row.key).await?;
        self.key = Some(key.clone());
        Ok(key)
    }

    /// What the log contains, with what this transaction appended so far.
    pub(super) async fn head(
        &mut self,
        store: &Store,
        connection: &mut AnyConnection,
    ) -> Result<(&mut Head, BaseMark)> {
        let (session, seq) = (self.row.id, self.row.seq);
        if self.head.is_none() {
            let (taken, head) = store.heads.take(session);
            let head = match head {
                Some(head) if head.seq == seq => head,
                // Another node or process wrote in between.
                Some(mut head) if head.seq < seq => {
                    store.advance(connection, session, &mut head, seq).await?;
                    head
                }
                _ => {
                    let (mark, head) = store.load_head(connection, session, seq).await?;
                    taken.set_mark(mark);
                    head
                }
            };
            self.head = Some((taken, head));
        }
        match &mut self.head {
            Some((taken, head)) => Ok((head, taken.mark())),
            None => Err(holdfast_domain::Error::Internal),
        }
    }

    /// After an append: the log ends here now.
    pub(super) fn advance(&mut self, store: &Store) {
        let row = &self.row;
        if let Some((taken, head)) = &mut self.head {
            head.seq = row.seq;
            self.due = due(&store.settings, taken.mark(), row.seq, row.log_bytes);
        }
    }

    pub(super) async fn answer(
        &mut self,
        store: &Store,
        connection: &mut AnyConnection,
        account: AccountId,
        outcome: Outcome,
    ) -> Result<Committed> {
        let name = match &self.name {
            Some(name) => name.clone(),
            None => {
                let name = self.row.name(store, connection).await?;
                self.name.insert(name).clone()
            }
        };
        Ok(Committed {
            outcome,
            account,
            seq: self.row.seq,
            own: None,
            name,
            state: self.row.state,
            state_vector: None,
            lacks_shared: self.row.lacks_shared(),
        })
    }

    /// After the commit: the head goes back. Whether a base is due.
    pub(super) fn put(self, store: &Store) -> bool {
        if let Some((taken, head)) = self.head {
            store.heads.put(self.row.id, &taken, head, self.row.log_bytes);
        }
        self.due
    }
}
