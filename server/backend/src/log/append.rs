//! One save inside the writer's transaction.

mod create;
mod plan;
mod protect;
mod settle;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use holdfast_domain::Error;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::event::{EventKind, SnapshotChange};
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionState;
use holdfast_domain::snapshot::SnapshotKind;

use super::commit::{Failure, InDatabase};
use super::insert::NewRow;
use super::job::{Committed, Item, Job, Outcome};
use super::work::Work;
use crate::database::Write;
use crate::identity::Accounts;
use crate::log::frame;
use crate::snapshots::NewSnapshot;
use crate::store::Store;
pub(super) use create::{insert_row, shared_seq_of};
use plan::{Plan, Step, plan};

/// Checks a job against its session and stages what it adds. After `Err(Failure::Job)` and for every
/// outcome but `Acked` nothing of it is staged, except that the session exists.
pub(super) async fn append(
    store: &Store,
    write: &mut Write,
    works: &mut BTreeMap<SessionId, Work>,
    accounts: &mut Accounts,
    job: &Job,
) -> Result<Committed, Failure> {
    let connection = write.connection().in_database()?;
    // Nothing is made for somebody who may not ask.
    accounts.get(&job.visitor).map_err(Failure::Job)?;
    let work = match works.entry(job.session) {
        Entry::Occupied(there) => there.into_mut(),
        Entry::Vacant(place) => {
            let created = create::create(store, connection, job).await?;
            // Made with it, perhaps.
            if let Some(account) = store.account(connection, &job.visitor).await.in_database()? {
                accounts.put(&job.visitor, account);
            }
            place.insert(created)
        }
    };
    let account = accounts.get(&job.visitor).map_err(Failure::Job)?;
    let account = account.filter(|account| *account == work.row.account);
    let account = account.ok_or(Failure::Job(Error::NotFound))?;
    if work.row.state == SessionState::Deleted {
        return Err(Failure::Job(work.row.gone(store)));
    }
    if job.shared_seq.is_some_and(|shared| shared <= work.row.shared_seq) {
        // Somebody else applied them in the meantime, and they may have been written over since.
        return work.answer(store, connection, account, Outcome::Acked).await.in_database();
    }
    if job.expected_seq.is_some_and(|expected| expected != work.row.seq) {
        return work.answer(store, connection, account, Outcome::Moved).await.in_database();
    }
    if let Some(restore) = job.undone {
        settle::check_not_undone(connection, job.session, restore).await?;
    }
    let first = work.row.seq + 1;
    let wants_state_vector =
        job.want_state_vector || job.have_seq.is_some_and(|have| have >= first);
    let needs_head =
        wants_state_vector || job.items.iter().any(|item| matches!(item, Item::Update(..)));
    let planned = if needs_head {
        // Both are asked for before the plan changes the head: afterwards nothing may fail but the
        // database, with which the head is dropped too.
        work.key(store, connection).await.in_database()?;
        let (log_bytes, before) = (work.row.log_bytes, work.row.seq);
        let read_only = work.row.state.is_read_only();
        let (head, mark) = work.head(store, connection).await.in_database()?;
        match plan(head, mark, log_bytes, before, account, job, read_only) {
            // A guest's session became this account's since, and on another node perhaps.
            Err(outcome) if outcome.is_foreign() => {
                store.read_clients(connection, job.session, head).await.in_database()?;
                plan(head, mark, log_bytes, before, account, job, read_only)
            }
            planned => planned,
        }
    } else {
        Ok(Plan::of_snapshots(job))
    };
    let outcome = match planned {
        Ok(plan) => {
            // From here on the work is changed: what fails, fails the transaction.
            stage(store, write, work, job, plan).await.map_err(Failure::Database)?;
            Outcome::Acked
        }
        // The whole save, and not an item of it: every other change would be refused as well.
        Err(Outcome::Refused { error: Error::Archived, .. }) => {
            return Err(Failure::Job(Error::Archived));
        }
        Err(outcome) => outcome,
    };
    let connection = write.connection().map_err(Failure::Database)?;
    let missing = outcome == Outcome::MissingDependency;
    let answer = work.answer(store, connection, account, outcome).await;
    let mut committed = answer.map_err(Failure::Database)?;
    committed.own = (work.row.seq >= first).then_some((first, work.row.seq));
    if wants_state_vector || missing {
        let (head, _) = work.head(store, connection).await.map_err(Failure::Database)?;
        committed.state_vector = Some(head.coverage.state_vector());
    }
    Ok(committed)
}

/// Puts a plan into the transaction.
async fn stage(
    store: &Store,
    write: &mut Write,
    work: &mut Work,
    job: &Job,
    plan: Plan<'_>,
) -> holdfast_domain::Result<()> {
    let now = store.environment.now_ms();
    let key = work.key(store, write.connection()?).await?;
    if plan.adds() && !job.restores() {
        protect::protect(store, write.connection()?, work, &key, &plan, now).await?;
    }
    for client in &plan.clients {
        settle::insert_client(write.connection()?, &work.row, *client).await?;
    }
    for step in &plan.steps {
        match step {
            Step::Row(updates) => {
                let frame = frame::pack(updates.iter().map(AsRef::as_ref));
                work.row.seq += 1;
                // What was shared is given to the session by itself.
                if job.shared_seq.is_none() {
                    work.activity.edited(now, updates.len());
                }
                let row = NewRow::seal(store, &key, &work.row, now, job.restores(), &frame)?;
                work.row.log_bytes += row.size;
                work.row.updated_at = now;
                work.rows.push(row);
                work.change();
            }
            Step::Snapshot(request) => {
                let snapshot = NewSnapshot::of(&work.row, request, now, &store.settings);
                let new = snapshot.insert(store, write.connection()?, &key).await?;
                if new {
                    work.told.push(told_of(request.kind));
                    let (snapshot, change) = (request.id, SnapshotChange::Taken);
                    work.events.push(EventKind::Snapshot { snapshot, change });
                }
            }
        }
    }
    settle::settle(store, write.connection()?, work, &key, job, now).await?;
    work.told.extend(job.restore.as_ref().map(|_| AuditKind::SnapshotRestored));
    work.told.extend(job.undone.map(|_| AuditKind::RestoreUndone));
    work.advance(store);
    Ok(())
}

fn told_of(kind: SnapshotKind) -> AuditKind {
    match kind {
        SnapshotKind::Manual => AuditKind::SnapshotTaken,
        SnapshotKind::Automatic | SnapshotKind::BeforeRestore => AuditKind::SnapshotAutomatic,
    }
}
