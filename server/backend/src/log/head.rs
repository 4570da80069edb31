//! What the log of a session contains, kept in memory so that a save reads nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use holdfast_domain::Result;
use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::scan::{Coverage, Relation, Scan};
use sqlx::AnyConnection;

use super::base::BaseMark;
use crate::column::{column, id};
use crate::database::failure;
use crate::sessions::SessionRow;
use crate::store::Store;
use crate::weighed::{Kept, Weighed, kept};

/// So many ranges and clients add one to a head's weight; they take tens of kilobytes.
const WEIGHED: usize = 1024;

/// The log of one session up to row `seq`.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) seq: i64,
    pub(crate) coverage: Coverage,
    /// Updates in the log that build on a damaged part; they count once that is healed.
    waiting: Vec<Scan>,
    /// Whose the CRDT client ids are.
    pub(crate) clients: HashMap<u64, AccountId>,
}

impl Head {
    /// One, and one more for so many ranges and clients.
    fn weight(&self) -> u64 {
        let waiting: usize = self.waiting.iter().map(Scan::size).sum();
        let size = self.coverage.size() + waiting + self.clients.len();
        1 + u64::try_from(size / WEIGHED).unwrap_or(u64::MAX / 2)
    }

    /// Takes in an update of the log.
    pub(crate) fn add(&mut self, scan: Scan) {
        match self.coverage.relation(&scan) {
            Relation::Known => {}
            Relation::Adds => {
                self.coverage.add(&scan);
                self.add_waiting();
            }
            Relation::MissingDependency => self.waiting.push(scan),
        }
    }

    fn add_waiting(&mut self) {
        loop {
            let before = self.waiting.len();
            for scan in std::mem::take(&mut self.waiting) {
                match self.coverage.relation(&scan) {
                    Relation::Known => {}
                    Relation::Adds => self.coverage.add(&scan),
                    Relation::MissingDependency => self.waiting.push(scan),
                }
            }
            if self.waiting.len() == before {
                return;
            }
        }
    }
}

impl Store {
    /// Reads a session's head up to row `seq`, and where its newest base stands.
    pub(super) async fn load_head(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        seq: i64,
    ) -> Result<(BaseMark, Head)> {
        let (mark, coverage) = self.read_coverage(connection, session, seq).await?;
        let clients = HashMap::new();
        let mut head = Head { seq: mark.seq, coverage, waiting: Vec::new(), clients };
        self.advance(connection, session, &mut head, seq).await?;
        Ok((mark, head))
    }

    /// Takes in what was appended since, by another node for example.
    pub(super) async fn advance(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        head: &mut Head,
        seq: i64,
    ) -> Result<()> {
        for scan in self.scan_log(connection, session, head.seq, seq).await? {
            head.add(scan);
        }
        self.read_clients(connection, session, head).await?;
        head.seq = seq;
        Ok(())
    }

    /// Reads whose each client id is.
    pub(super) async fn read_clients(
        &self,
        connection: &mut AnyConnection,
        session: SessionId,
        head: &mut Head,
    ) -> Result<()> {
        let rows = sqlx::query("SELECT client, account FROM context_clients WHERE session = $1")
            .bind(session.to_string())
            .fetch_all(connection)
            .await
            .map_err(failure)?;
        for row in &rows {
            let client = column::<i64>(row, "client")?.cast_unsigned();
            head.clients.insert(client, id(row, "account")?);
        }
        Ok(())
    }

    /// Has the session's head in memory before the writer needs it: reading a long log is not the
    /// writer's work.
    pub(crate) async fn warm(&self, row: &SessionRow) -> Result<()> {
        let session = row.id;
        let slot = self.heads.slot(session);
        // All devices of a session save at once after a start: one of them reads for all.
        let _reads = slot.reading.lock().await;
        if !matches!(*slot.state(), State::Empty) {
            return Ok(());
        }
        let mut connection = self.database.read().await?;
        let (mark, head) = self.load_head(&mut connection, session, row.seq).await?;
        // Looked up again: it is another one where damage was found meanwhile.
        let slot = self.heads.slot(session);
        let mut state = slot.state();
        if matches!(*state, State::Empty) {
            let weight = head.weight();
            *state = State::Ready(head);
            drop(state);
            slot.set_mark(mark);
            slot.log_bytes.store(row.log_bytes, Ordering::Relaxed);
            self.heads.weigh(session, weight, slot);
        }
        Ok(())
    }
}

/// Heads in memory, bounded by what they hold.
pub(crate) struct Heads(Kept<Slot>);

/// The place of one session's head.
#[derive(Default)]
pub(super) struct Slot {
    state: Mutex<State>,
    /// Held while the head is read.
    reading: tokio::sync::Mutex<()>,
    mark: Mutex<BaseMark>,
    /// Of all the log, as far as is known here.
    log_bytes: AtomicI64,
}

#[derive(Default)]
enum State {
    #[default]
    Empty,
    /// The writer has it.
    Taken,
    Ready(Head),
}

impl Heads {
    pub(crate) fn new(capacity: usize) -> Self {
        let weight = u64::try_from(capacity).unwrap_or(u64::MAX);
        Self(kept(capacity, weight))
    }

    fn slot(&self, session: SessionId) -> Arc<Slot> {
        let new = || Weighed { weight: 1, held: Arc::<Slot>::default() };
        let made = self.0.get_or_insert_with(&session, || Ok::<_, ()>(new()));
        made.unwrap_or_else(|()| new()).held
    }

    /// Makes room for what the slot holds now, unless it was forgotten in between.
    fn weigh(&self, session: SessionId, weight: u64, slot: Arc<Slot>) {
        let there = self.0.peek(&session);
        if there.is_some_and(|there| Arc::ptr_eq(&there.held, &slot) && there.weight != weight) {
            let _ = self.0.replace(session, Weighed { weight, held: slot }, false);
        }
    }

    /// Gives a head back, after the commit that left the log with so many bytes.
    pub(super) fn put(&self, session: SessionId, taken: &Taken, head: Head, log_bytes: i64) {
        let weight = head.weight();
        taken.0.log_bytes.store(log_bytes, Ordering::Relaxed);
        *taken.0.state() = State::Ready(head);
        self.weigh(session, weight, taken.0.clone());
    }

    /// Takes the head out for changing it; it comes back with [`Heads::put`] only.
    pub(super) fn take(&self, session: SessionId) -> (Taken, Option<Head>) {
        let slot = self.slot(session);
        let head = match std::mem::replace(&mut *slot.state(), State::Taken) {
            State::Ready(head) => Some(head),
            State::Empty | State::Taken => None,
        };
        (Taken(slot), head)
    }

    /// Bytes of the context, at most, where the session's head is in memory. Without what other nodes wrote
    /// since.
    pub(crate) fn size(&self, session: SessionId) -> Option<i64> {
        let slot = self.0.get(&session)?.held;
        let there = !matches!(*slot.state(), State::Empty);
        there.then(|| slot.mark().size_with(slot.log_bytes.load(Ordering::Relaxed)))
    }

    /// Where the newest base of the session stands, as far as is known here.
    pub(crate) fn mark(&self, session: SessionId) -> BaseMark {
        self.slot(session).mark()
    }

    pub(super) fn set_mark(&self, session: SessionId, mark: BaseMark) {
        self.slot(session).set_mark(mark);
    }

    pub(crate) fn forget(&self, session: SessionId) {
        self.0.remove(&session);
    }

    pub(crate) fn clear(&self) {
        self.0.clear();
    }
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark(&self) -> BaseMark {
        *self.mark.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_mark(&self, mark: BaseMark) {
        *self.mark.lock().unwrap_or_else(PoisonError::into_inner) = mark;
    }
}

/// A head that was taken out. Dropped, the session's head is read again when it is needed.
pub(super) struct Taken(Arc<Slot>);

impl Taken {
    pub(super) fn mark(&self) -> BaseMark {
        self.0.mark()
    }

    pub(super) fn set_mark(&self, mark: BaseMark) {
        self.0.set_mark(mark);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut state = self.0.state();
        if matches!(*state, State::Taken) {
            *state = State::Empty;
        }
    }
}

#[cfg(test)]
mod tests {
    use holdfast_domain::id::SessionId;

    use super::*;
    use crate::SystemEnvironment;

    #[test]
    fn sync_5_heads_with_many_ranges_leave_room_for_fewer() {
        let kept = |ranges: u32| {
            let heads = Heads::new(100);
            for _ in 0..50 {
                let session = SessionId::generate(&SystemEnvironment);
                let (taken, _) = heads.take(session);
                let deleted = (0..ranges).map(|at| (at * 2, at * 2 + 1)).collect();
                let mut coverage = Coverage::default();
                coverage.add(&Scan { deletes: [(1, deleted)].into(), ..Scan::default() });
                let clients = HashMap::new();
                heads.put(
                    session,
                    &taken,
                    Head { seq: 1, coverage, waiting: Vec::new(), clients },
                    0,
                );
            }
            heads.0.len()
        };
        assert!(kept(10) >= 40, "{}", kept(10));
        assert!(kept(20_000) <= 5, "{}", kept(20_000));
    }
}
