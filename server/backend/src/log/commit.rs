//! One transaction for many saves.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use holdfast_domain::id::SessionId;
use holdfast_domain::{Error, Result};
use metrics::{counter, histogram};
use sqlx::AssertSqlSafe;

use super::Compactor;
use super::append::append;
use super::insert;
use super::job::{Committed, Job};
use super::work::Work;
use crate::audit::Entry;
use crate::database::{Write, any_of, failure};
use crate::events::{NewEvent, Topic};
use crate::sessions::{SELECT_SESSIONS, SessionRow};
use crate::statistics;
use crate::store::Store;

/// Why a job was not done.
pub(super) enum Failure {
    /// This job's fault; the others go on.
    Job(Error),
    /// The transaction is lost.
    Database(Error),
}

/// Does all jobs in one transaction. An answer for each, or the error that all of them get.
pub(super) async fn commit(
    store: &Store,
    compactor: &Compactor,
    jobs: &[&Job],
) -> Result<Vec<Result<Committed>>> {
    let begun = Instant::now();
    let mut write = store.database.write().await?;
    let mut works = lock(store, &mut write, jobs).await?;
    let visitors = jobs.iter().map(|job| &job.visitor);
    let mut accounts = store.accounts(write.connection()?, visitors).await?;
    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        answers.push(match append(store, &mut write, &mut works, &mut accounts, job).await {
            Ok(committed) => Ok(committed),
            Err(Failure::Job(error)) => Err(error),
            Err(Failure::Database(error)) => return Err(error),
        });
    }
    let connection = write.connection()?;
    insert::rows(connection, works.values_mut().flat_map(|work| work.rows.drain(..))).await?;
    insert::sessions(connection, works.values().filter(|work| work.changed())).await?;
    statistics::write(connection, works.values().map(|work| (&work.row, &work.activity))).await?;
    for work in works.values_mut() {
        if work.row.seq > work.before {
            write.ring(Topic::Session(work.row.id));
        }
        let (session, events) = (work.row.id, std::mem::take(&mut work.events));
        for kind in &events {
            let key = work.key(store, write.connection()?).await?;
            NewEvent { session, key: &key, kind }.append(store, &mut write).await?;
        }
    }
    // Last of all: whoever appends to the chain holds its end.
    for work in works.values_mut() {
        for kind in work.told.drain(..) {
            let entry = Entry::of(work.row.account, kind).session(work.row.id);
            entry.write(store, write.connection()?).await?;
        }
    }
    write.commit().await?;
    counted(jobs.len(), begun.elapsed());
    for (session, work) in works {
        if work.put(store) {
            compactor.offer(session);
        }
    }
    Ok(answers)
}

/// Counts a transaction, once for all of its saves.
fn counted(saves: usize, took: Duration) {
    let saves = u32::try_from(saves).unwrap_or(u32::MAX);
    counter!("holdfast_saves_total").increment(saves.into());
    histogram!("holdfast_commit_saves").record(saves);
    histogram!("holdfast_commit_seconds").record(took);
}

/// Locks the rows of all sessions concerned, in the order of their ids.
async fn lock(
    store: &Store,
    write: &mut Write,
    jobs: &[&Job],
) -> Result<BTreeMap<SessionId, Work>> {
    let ids: BTreeSet<SessionId> = jobs.iter().map(|job| job.session).collect();
    let (places, ids) = any_of(ids);
    let sql = format!(
        "{SELECT_SESSIONS} WHERE s.id IN ({places}) ORDER BY s.id{}",
        store.database.dialect.lock_sessions()
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id.to_string());
    }
    let rows = query.fetch_all(write.connection()?).await.map_err(failure)?;
    let mut works = BTreeMap::new();
    for row in &rows {
        let row = SessionRow::read(row)?;
        works.insert(row.id, Work::new(row));
    }
    Ok(works)
}

/// For `?` on what the database answers inside a job.
pub(super) trait InDatabase<T> {
    fn in_database(self) -> Result<T, Failure>;
}

impl<T> InDatabase<T> for Result<T> {
    fn in_database(self) -> Result<T, Failure> {
        // What is damaged concerns one session only, a sign-in and a rate one visitor.
        self.map_err(|error| match error {
            Error::Damaged
            | Error::NotSignedIn
            | Error::OtherAccount
            | Error::AccountDisabled
            | Error::RateLimited { .. } => Failure::Job(error),
            error => Failure::Database(error),
        })
    }
}
