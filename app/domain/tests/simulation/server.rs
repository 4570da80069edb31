//! The server: a log with the rules of the real one. All items of a request or none; an update that
//! adds nothing is acknowledged and not stored again; one that builds on what is not there is not.

use std::collections::BTreeMap;

use holdfast_domain::Error;
use holdfast_domain::id::{IncarnationId, SnapshotId};
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::{Coverage, Relation, scan};
use holdfast_domain::session::SessionState;
use holdfast_domain::sync::TransportError;
use holdfast_domain::wire::{
    LogUpdate, News, Position, SaveItem, SaveOutcome, SaveReply, SaveRequest, WireError,
};

use super::chance::Chance;

/// How the server is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    Well,
    Down,
    Full,
    Busy,
    Unavailable,
    /// Answers with HTML.
    Portal,
}

pub(super) struct Server {
    pub(super) incarnation: IncarnationId,
    pub(super) health: Health,
    /// Refuses this share of updates for good, chosen by their bytes.
    pub(super) strict: bool,
    pub(super) exists: bool,
    pub(super) log: Vec<Vec<u8>>,
    pub(super) coverage: Coverage,
    pub(super) snapshots: BTreeMap<SnapshotId, usize>,
    /// Everything that was ever committed, also what a restore took away.
    pub(super) ever: Coverage,
    pub(super) ever_log: Vec<Vec<u8>>,
    pub(super) ever_snapshots: BTreeMap<SnapshotId, usize>,
    /// Lengths of the log that a restore may go back to.
    pub(super) copies: Vec<usize>,
    /// An answer carries about so many bytes of news.
    pub(super) news_bytes: usize,
}

impl Server {
    pub(super) fn new(chance: &mut Chance) -> Self {
        Self {
            incarnation: chance.incarnation(),
            health: Health::Well,
            strict: false,
            exists: false,
            log: Vec::new(),
            coverage: Coverage::default(),
            snapshots: BTreeMap::new(),
            ever: Coverage::default(),
            ever_log: Vec::new(),
            ever_snapshots: BTreeMap::new(),
            copies: vec![0],
            news_bytes: *chance.pick(&[60, 400, 100_000]),
        }
    }

    pub(super) fn handle(&mut self, request: &SaveRequest) -> Result<SaveReply, TransportError> {
        let refused =
            |error, retry_after_ms| Err(TransportError::Refused { error, retry_after_ms });
        match self.health {
            Health::Well => {}
            Health::Down => return Err(TransportError::Unreachable),
            Health::Portal => return Err(TransportError::UnexpectedAnswer),
            Health::Full if !request.items.is_empty() => {
                return refused(Error::StorageFull, None);
            }
            Health::Full => {}
            Health::Busy => return refused(Error::RateLimited { retry_after_ms: 4_000 }, None),
            Health::Unavailable => return refused(Error::Unavailable, Some(7_000)),
        }
        if !self.exists && request.create.is_none() {
            return refused(Error::NotFound, None);
        }
        self.exists = true;
        let before = self.log.len();
        let outcome = self.save(&request.items);
        let missing = outcome == SaveOutcome::MissingDependency;
        let news = self.news(request, before, missing);
        Ok(SaveReply { batch: request.batch, outcome, news })
    }

    fn save(&mut self, items: &[SaveItem]) -> SaveOutcome {
        let mut coverage = self.coverage.clone();
        let mut adds = Vec::new();
        let mut snapshots = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let update = match item {
                SaveItem::Update(update) => update,
                SaveItem::Snapshot(request) => {
                    snapshots.push((request.id, self.log.len() + adds.len()));
                    continue;
                }
            };
            if self.strict && update.iter().map(|byte| u32::from(*byte)).sum::<u32>() % 5 == 0 {
                let error = WireError::from(&Error::schema("it may not be"));
                return SaveOutcome::Refused { index: u32::try_from(index).unwrap(), error };
            }
            let scanned = scan(update, CONTEXT_BYTES).expect("a client sends well-formed updates");
            match coverage.relation(&scanned) {
                Relation::Known => {}
                Relation::MissingDependency => return SaveOutcome::MissingDependency,
                Relation::Adds => {
                    coverage.add(&scanned);
                    adds.push(update.clone());
                }
            }
        }
        for update in &adds {
            self.ever.add(&scan(update, CONTEXT_BYTES).unwrap());
        }
        self.ever_log.extend(adds.iter().cloned());
        self.coverage = coverage;
        self.log.extend(adds);
        for (id, at) in snapshots {
            self.snapshots.entry(id).or_insert(at);
            self.ever_snapshots.entry(id).or_insert(at);
        }
        SaveOutcome::Acked
    }

    /// What the client has not: up to `before`, as what comes after is its own.
    fn news(&self, request: &SaveRequest, before: usize, missing: bool) -> News {
        let have = request.have.filter(|have| have.incarnation == self.incarnation);
        let from = have.map_or(0, |have| usize::try_from(have.seq).unwrap());
        let mut updates = Vec::new();
        let mut bytes = 0;
        for update in self.log.iter().take(before).skip(from) {
            bytes += update.len();
            if bytes > self.news_bytes && !updates.is_empty() {
                break;
            }
            updates.push(LogUpdate::edited(update.clone()));
        }
        let more = from + updates.len() < before;
        let at = if more { from + updates.len() } else { self.log.len() };
        let position = Position { incarnation: self.incarnation, seq: i64::try_from(at).unwrap() };
        let tell = missing || have.is_none() || request.want_state_vector;
        let state_vector = tell.then(|| self.coverage.state_vector().into());
        let (name, state) = ("Trip".into(), SessionState::Active);
        News { updates, position, more, name, state, state_vector }
    }

    /// The server comes back from a copy that was made when the log was `length` long.
    pub(super) fn restore(&mut self, length: usize, chance: &mut Chance) {
        self.incarnation = chance.incarnation();
        self.log.truncate(length);
        self.coverage = Coverage::default();
        for update in &self.log {
            self.coverage.add(&scan(update, CONTEXT_BYTES).unwrap());
        }
        self.snapshots.retain(|_, at| *at <= length);
        self.copies.retain(|copy| *copy <= length);
        self.exists = length > 0;
    }
}
