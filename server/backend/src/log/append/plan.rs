//! What a job adds to the log, or why it adds nothing.

use std::borrow::Cow;

use holdfast_domain::id::AccountId;
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::{CLIENTS_PER_UPDATE, Relation, Scan};
use holdfast_domain::snapshot::SnapshotRequest;
use holdfast_domain::{Error, Result};

use crate::log::base::BaseMark;
use crate::log::head::Head;
use crate::log::job::{Item, Job, Outcome};

/// A delete is large when the context held more than this (characters of texts, other values one
/// each) and one save takes more than half of it away.
const LARGE_CONTEXT: u64 = 1_000;

/// What is to be written, in order.
#[derive(Default)]
pub(super) struct Plan<'a> {
    pub(super) steps: Vec<Step<'a>>,
    /// Client ids that were not seen before.
    pub(super) clients: Vec<u64>,
    pub(super) large_delete: bool,
}

pub(super) enum Step<'a> {
    /// These updates in one row.
    Row(Vec<Cow<'a, [u8]>>),
    Snapshot(&'a SnapshotRequest),
}

impl<'a> Plan<'a> {
    /// For a job without updates.
    pub(super) fn of_snapshots(job: &'a Job) -> Self {
        let steps = job.items.iter().filter_map(|item| match item {
            Item::Snapshot(request) => Some(Step::Snapshot(request)),
            Item::Update(..) => None,
        });
        Self { steps: steps.collect(), ..Self::default() }
    }

    /// Whether the log grows.
    pub(super) fn adds(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Row(_)))
    }

    fn push_update(&mut self, update: Cow<'a, [u8]>) {
        match self.steps.last_mut() {
            Some(Step::Row(updates)) => updates.push(update),
            _ => self.steps.push(Step::Row(vec![update])),
        }
    }
}

/// Takes the job's updates into the head, all or none. `read_only`: only those that are there already, so
/// that a lost acknowledgement is given again.
pub(super) fn plan<'a>(
    head: &mut Head,
    mark: BaseMark,
    log_bytes: i64,
    seq: i64,
    account: AccountId,
    job: &'a Job,
    read_only: bool,
) -> Result<Plan<'a>, Outcome> {
    debug_assert_eq!(head.seq, seq, "a head is of the log's end");
    let updates = || job.items.iter().filter(|item| matches!(item, Item::Update(..)));
    let before = (updates().count() > 1).then(|| head.clone());
    let size = mark.size_with(log_bytes);
    let large = LargeDelete::watch(head, job);
    let mut planned = Planned { plan: Plan::default(), size, account, read_only };
    for (index, item) in job.items.iter().enumerate() {
        let added = match item {
            Item::Snapshot(request) => {
                planned.plan.steps.push(Step::Snapshot(request));
                Ok(())
            }
            Item::Update(update, scan) => planned.add(head, update, scan),
        };
        if let Err(refusal) = added {
            if let Some(before) = before {
                *head = before;
            }
            return Err(refusal.at(index));
        }
    }
    let mut plan = planned.plan;
    plan.large_delete = large.is_some_and(|large| large.happened(head));
    Ok(plan)
}

/// Why an update is not taken.
enum Refusal {
    MissingDependency,
    Error(Error),
}

impl Refusal {
    fn at(self, index: usize) -> Outcome {
        match self {
            Self::MissingDependency => Outcome::MissingDependency,
            Self::Error(error) => {
                Outcome::Refused { index: u32::try_from(index).unwrap_or(u32::MAX), error }
            }
        }
    }
}

struct Planned<'a> {
    plan: Plan<'a>,
    /// Bytes of the context, at most.
    size: i64,
    account: AccountId,
    read_only: bool,
}

impl<'a> Planned<'a> {
    fn add(&mut self, head: &mut Head, update: &'a [u8], scan: &Scan) -> Result<(), Refusal> {
        match head.coverage.relation(scan) {
            Relation::Known => return Ok(()),
            Relation::MissingDependency => return Err(Refusal::MissingDependency),
            Relation::Adds if self.read_only => return Err(Refusal::Error(Error::Archived)),
            Relation::Adds => {}
        }
        let mut clients = Vec::new();
        for client in head.coverage.adding_clients(scan) {
            match head.clients.get(&client) {
                None => clients.push(client),
                Some(owner) if *owner == self.account => {}
                Some(_) => return Err(Refusal::Error(Error::ForeignClient)),
            }
        }
        // A difference has what somebody else gave meanwhile: the log has nothing twice.
        let beyond = head.coverage.beyond(update).map_err(Refusal::Error)?;
        let update = beyond.map_or(Cow::Borrowed(update), Cow::Owned);
        let bytes = i64::try_from(update.len()).unwrap_or(i64::MAX);
        let size = self.size.saturating_add(bytes);
        // Deleting is how a full context gets smaller.
        if usize::try_from(size).unwrap_or(0) > CONTEXT_BYTES && !scan.inserts.is_empty() {
            let actual = usize::try_from(size).unwrap_or(usize::MAX);
            return Err(Refusal::Error(Error::limit("context bytes", CONTEXT_BYTES, actual)));
        }
        head.coverage.check_room(scan).map_err(Refusal::Error)?;
        // The whole must fit into one update: what is brought together is read again.
        let all = head.clients.len() + clients.len();
        if !clients.is_empty() && all > CLIENTS_PER_UPDATE {
            return Err(Refusal::Error(Error::limit("clients", CLIENTS_PER_UPDATE, all)));
        }
        self.size = size;
        head.add(scan.clone());
        head.clients.extend(clients.iter().map(|client| (*client, self.account)));
        self.plan.clients.extend(clients);
        self.plan.push_update(update);
        Ok(())
    }
}

/// Watches how much of the context a job deletes.
struct LargeDelete {
    live: u64,
    deleted: u64,
}

impl LargeDelete {
    /// `None` where the job deletes too little to look at.
    fn watch(head: &Head, job: &Job) -> Option<Self> {
        let deletes = job.items.iter().filter_map(|item| match item {
            Item::Update(_, scan) => Some(scan.deletes.values().flatten()),
            Item::Snapshot(_) => None,
        });
        let units: u64 = deletes.flatten().map(|(start, end)| u64::from(end - start)).sum();
        if units <= LARGE_CONTEXT / 2 {
            return None;
        }
        let (inserted, deleted) = head.coverage.counts();
        let live = inserted.saturating_sub(deleted);
        (live > LARGE_CONTEXT).then_some(Self { live, deleted })
    }

    fn happened(&self, head: &Head) -> bool {
        let (_, deleted) = head.coverage.counts();
        deleted.saturating_sub(self.deleted) * 2 > self.live
    }
}
