//! What an export takes from the log: the rows in which something was added that is in the context, numbered anew
//! from 1. Without damage these are all of them.

use std::collections::{HashMap, HashSet};

use holdfast_domain::Result;
use holdfast_domain::bundle::AUTHORS;
use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::scan::{Coverage, Relation, Scan, scan_taken};
use sqlx::AnyConnection;

use super::export::Origins;
use super::history::Row;
use crate::column::column;
use crate::database::failure;
use crate::log::Part;
use crate::store::Store;

/// The rows so far.
pub(super) struct Past {
    /// The account, and the guests whose work it got.
    own: HashSet<String>,
    /// Numbers of others.
    others: HashMap<String, u32>,
    coverage: Coverage,
    /// What builds on a damaged part: it comes where that is healed.
    waiting: Vec<(Scan, Vec<u8>)>,
    /// Where the rows were in the log.
    places: Vec<i64>,
    updates: u64,
}

impl Past {
    pub(super) fn new(own: HashSet<String>) -> Self {
        Self {
            own,
            others: HashMap::new(),
            coverage: Coverage::default(),
            waiting: Vec::new(),
            places: Vec::new(),
            updates: 0,
        }
    }

    /// The row that a part of the log makes; `None` where nothing of it counts.
    pub(super) fn add(&mut self, part: Part, origins: &Origins) -> Result<Option<Row>> {
        let mut updates = Vec::new();
        for update in part.updates {
            // What cannot be read is not in the context either.
            let Ok(scan) = scan_taken(&update) else { continue };
            self.take(scan, update, &mut updates);
        }
        if updates.is_empty() {
            return Ok(None);
        }
        self.places.push(part.seq);
        self.updates += updates.len() as u64;
        let (at, author) = origins.get(&part.seq).cloned().unwrap_or_default();
        Ok(Some(Row { at, author: self.number(author), restored: part.restored, updates }))
    }

    fn take(&mut self, scan: Scan, update: Vec<u8>, taken: &mut Vec<Vec<u8>>) {
        match self.coverage.relation(&scan) {
            Relation::Known => return,
            Relation::MissingDependency => return self.waiting.push((scan, update)),
            Relation::Adds => self.coverage.add(&scan),
        }
        taken.push(update);
        let ready = |coverage: &Coverage, scan: &Scan| {
            coverage.relation(scan) != Relation::MissingDependency
        };
        while let Some(at) = self.waiting.iter().position(|(scan, _)| ready(&self.coverage, scan)) {
            let (scan, update) = self.waiting.swap_remove(at);
            if self.coverage.relation(&scan) == Relation::Adds {
                self.coverage.add(&scan);
                taken.push(update);
            }
        }
    }

    fn number(&mut self, author: String) -> u32 {
        if self.own.contains(&author) {
            return 0;
        }
        let next = u32::try_from(self.others.len()).unwrap_or(u32::MAX).saturating_add(1);
        // Many more than there can be share the last number.
        *self.others.entry(author).or_insert(next.min(AUTHORS - 1))
    }

    /// The last of the rows that were in the log up to `seq`.
    pub(super) fn place(&self, seq: i64) -> u64 {
        self.places.partition_point(|place| *place <= seq) as u64
    }

    pub(super) fn rows(&self) -> u64 {
        self.places.len() as u64
    }

    pub(super) fn updates(&self) -> u64 {
        self.updates
    }

    /// Whoever exports counts, too.
    pub(super) fn authors(&self) -> u32 {
        u32::try_from(self.others.len()).unwrap_or(u32::MAX).saturating_add(1).min(AUTHORS)
    }
}

impl Store {
    /// The account under every id that it wrote under.
    pub(super) async fn own_authors(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<HashSet<String>> {
        let rows = sqlx::query("SELECT id FROM accounts WHERE id = $1 OR merged_into = $1")
            .bind(account.to_string())
            .fetch_all(connection)
            .await
            .map_err(failure)?;
        rows.iter().map(|row| column(row, "id")).collect()
    }

    /// When the rows `after < seq <= upto` were written, and by whom.
    pub(super) async fn origins(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        after: i64,
        upto: i64,
    ) -> Result<Origins> {
        let rows = sqlx::query(
            "SELECT seq, at, author FROM context_updates \
             WHERE session = $1 AND seq > $2 AND seq <= $3",
        )
        .bind(session.to_string())
        .bind(after)
        .bind(upto)
        .fetch_all(connection)
        .await
        .map_err(failure)?;
        let read = |row| Ok((column(row, "seq")?, (column(row, "at")?, column(row, "author")?)));
        rows.iter().map(read).collect()
    }
}
