//! The context that a history comes to, built as it is read, never larger than one may be.

use std::collections::BTreeSet;

use holdfast_domain::limits::{CONTEXT_BYTES, UPDATE_BYTES};
use holdfast_domain::scan::{CLIENTS_PER_UPDATE, Coverage, Relation, Scan};
use holdfast_domain::{Context, Error, Result};
use serde_json::Value;

/// Updates are applied when there are so many bytes of them.
const TOGETHER_BYTES: usize = 8 << 20;
/// A context may come this much over its limit by deletions.
const OVER_BYTES: usize = UPDATE_BYTES;

/// What was read so far.
pub(super) struct Replay {
    pub(super) coverage: Coverage,
    /// Who wrote something.
    pub(super) clients: BTreeSet<u64>,
    context: Context,
    waiting: Vec<Vec<u8>>,
    waiting_bytes: usize,
    /// Bytes of the context, at most.
    bytes: usize,
}

impl Replay {
    pub(super) fn new(client_id: u64) -> Self {
        Self {
            coverage: Coverage::default(),
            clients: BTreeSet::new(),
            context: Context::new(client_id),
            waiting: Vec::new(),
            waiting_bytes: 0,
            bytes: 0,
        }
    }

    /// Takes in an update that a scan has found sound. `None`: it adds nothing, or builds on what is not there.
    pub(super) fn add(&mut self, scan: &Scan, update: Vec<u8>) -> Result<Option<()>> {
        if self.coverage.relation(scan) != Relation::Adds {
            return Ok(None);
        }
        self.coverage.check_room(scan)?;
        self.coverage.add(scan);
        self.clients.extend(scan.inserts.keys());
        if self.clients.len() > CLIENTS_PER_UPDATE {
            return Err(Error::limit("clients", CLIENTS_PER_UPDATE, self.clients.len()));
        }
        self.waiting_bytes += update.len();
        self.waiting.push(update);
        if self.waiting_bytes > TOGETHER_BYTES {
            self.apply()?;
        }
        Ok(Some(()))
    }

    fn apply(&mut self) -> Result<()> {
        self.context.apply_all(self.waiting.iter().map(Vec::as_slice))?;
        self.waiting.clear();
        self.bytes += std::mem::take(&mut self.waiting_bytes);
        // What was deleted counts until it is looked at exactly.
        if self.bytes > CONTEXT_BYTES {
            self.bytes = self.context.encode().len();
        }
        if self.bytes > CONTEXT_BYTES + OVER_BYTES {
            return Err(Error::limit("context bytes", CONTEXT_BYTES, self.bytes));
        }
        Ok(())
    }

    /// All of it as JSON.
    pub(super) fn json(&mut self) -> Result<Value> {
        self.apply()?;
        Ok(self.context.to_json())
    }
}
