//! A job that this server works on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use holdfast_domain::Result;
use holdfast_domain::event::EventKind;
use holdfast_domain::job::{JobParams, Progress};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::RwLock;

use super::claim::lease_ms;
use super::parts::Part;
use super::row::{Column, JobRow, seal};
use super::walk::unreachable;
use super::work::Fault;
use crate::blocking::on_thread;
use crate::cipher::Key;
use crate::database::failure;
use crate::locations::Folder;
use crate::store::Store;

/// Progress is saved, and told, this often at most.
const EVERY: Duration = Duration::from_millis(500);

/// Threads are waited for so long; one that a file system holds is left behind.
const GRACE: Duration = Duration::from_secs(10);

/// What the rate is computed from: older progress counts less and less.
const RATE_OVER_S: f64 = 5.0;

/// A job that this server works on, as long as it has the lease.
pub(super) struct Run {
    pub(super) store: Arc<Store>,
    pub(super) row: JobRow,
    pub(super) key: Arc<Key>,
    /// Threads of this work are to end.
    pub(super) stopping: Arc<AtomicBool>,
    /// Held by each of them.
    threads: Arc<RwLock<()>>,
    pace: Mutex<Pace>,
}

/// How fast it goes.
struct Pace {
    saved_at: Instant,
    done: u64,
    rate: Option<f64>,
    /// It came further since it was begun.
    moved: bool,
}

impl Run {
    pub(super) fn new(store: Arc<Store>, row: JobRow, key: Arc<Key>) -> Self {
        let done = row.open(&key, Column::Progress).ok().flatten();
        let done = done.map_or(0, |progress: Progress| progress.done);
        let pace = Mutex::new(Pace { saved_at: Instant::now(), done, rate: None, moved: false });
        Self { store, row, key, stopping: Arc::default(), threads: Arc::default(), pace }
    }

    /// Runs what takes its time on a thread, which [`Run::stop`] waits for.
    pub(super) async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let thread = self.threads.clone().read_owned().await;
        let work = move || {
            let _thread = thread;
            work()
        };
        Ok(on_thread(work).await?)
    }

    /// Has threads of this work end; whether they have, in the time that they are given.
    pub(super) async fn stop(&self) -> bool {
        self.end_threads();
        tokio::time::timeout(GRACE, self.threads.write()).await.is_ok()
    }

    /// Has threads of this work end, and does not wait for them.
    pub(super) fn end_threads(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// A location that this job may use, opened.
    ///
    /// # Errors
    /// What the account may not do; where it cannot be reached, it is tried again.
    pub(super) async fn folder(&self, name: &str, written: bool) -> Result<Arc<Folder>, Fault> {
        let mut connection = self.store.database.read().await?;
        let location = self.store.location(&mut connection, Some(self.row.account), name).await?;
        if written && !location.writable {
            return Err(Fault::never(
                "read_only",
                format!("The location {name} may only be read."),
            ));
        }
        let folder = Folder::open(location).map_err(|_| unreachable(name))?;
        Ok(Arc::new(folder))
    }

    /// A portion of this job's, if it is there.
    pub(super) async fn part<T: DeserializeOwned>(
        &self,
        name: &str,
        part: i64,
    ) -> Result<Option<T>, Fault> {
        let mut connection = self.store.database.read().await?;
        let of = (self.row.session, self.row.id);
        Ok(Part::read(&self.store, &mut connection, of, name, part).await?)
    }

    /// What is to be done.
    pub(super) fn params(&self) -> Result<JobParams, Fault> {
        let params = self.row.open(&self.key, Column::Params)?;
        params.ok_or_else(|| Fault::from(holdfast_domain::Error::Damaged))
    }

    /// Where it goes on from; `None`: it begins.
    pub(super) fn cursor<T: DeserializeOwned>(&self) -> Result<Option<T>, Fault> {
        Ok(self.row.open(&self.key, Column::Cursor)?)
    }

    /// Whether progress should be saved again.
    pub(super) fn is_due(&self) -> bool {
        self.pace().saved_at.elapsed() >= EVERY
    }

    /// Saves, in one transaction, how far it is, from where it goes on, and what it found.
    ///
    /// # Errors
    /// [`Fault::Lost`]: somebody else works on it now. What the database says.
    pub(super) async fn save(
        &self,
        cursor: &(impl Serialize + Sync),
        progress: Progress,
        parts: Vec<Part>,
    ) -> Result<(), Fault> {
        let progress = self.paced(progress);
        let (store, row, key) = (&*self.store, &self.row, &*self.key);
        let sealed = |column| seal(store, key, row.session, row.id, column, &progress);
        let progress = sealed(Column::Progress)?;
        let cursor = seal(store, key, row.session, row.id, Column::Cursor, cursor)?;
        let mut write = store.database.write().await?;
        let done = sqlx::query(
            "UPDATE jobs SET progress = $1, cursor = $2, lease_until = $3, failures = 0 \
             WHERE id = $4 AND lease = $5 AND state = 'running'",
        )
        .bind(progress)
        .bind(cursor)
        .bind(store.environment.now_ms().saturating_add(lease_ms()))
        .bind(row.id.to_string())
        .bind(row.lease)
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        if done.rows_affected() == 0 {
            return Err(Fault::Lost);
        }
        for part in parts {
            part.insert(store, write.connection()?, row, key).await?;
        }
        let changed = JobRow::find(write.connection()?, row.id, "").await?.ok_or(Fault::Lost)?;
        changed.tell(store, &mut write, key, EventKind::JobProgress).await?;
        write.commit().await?;
        self.pace().moved = true;
        Ok(())
    }

    /// How often in a row it went wrong before, without having come further.
    pub(super) fn failures(&self) -> i64 {
        if self.pace().moved { 0 } else { self.row.failures }
    }

    /// With the rate, and how long it still takes.
    pub(super) fn paced(&self, progress: Progress) -> Progress {
        let mut pace = self.pace();
        let elapsed = pace.saved_at.elapsed().as_secs_f64();
        if elapsed > 0.0 {
            let done = progress.done.saturating_sub(pace.done);
            #[expect(clippy::cast_precision_loss, reason = "a rate is shown with three digits")]
            let now = done as f64 / elapsed;
            let weight = (-elapsed / RATE_OVER_S).exp();
            pace.rate = Some(pace.rate.map_or(now, |rate| rate * weight + now * (1.0 - weight)));
        }
        (pace.saved_at, pace.done) = (Instant::now(), progress.done);
        let rate = pace.rate.map(whole);
        let left = progress.total.map(|total| total.saturating_sub(progress.done));
        let left_ms = left
            .zip(rate.filter(|rate| *rate > 0))
            .map(|(left, rate)| left.saturating_mul(1_000) / rate);
        Progress { rate, left_ms, ..progress }
    }

    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is not negative, and what is too large stays the largest number"
)]
fn whole(rate: f64) -> u64 {
    rate.round() as u64
}
