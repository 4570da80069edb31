//! The tasks that work on jobs, so many at a time.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use holdfast_domain::job::JobFault;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::finish::End;
use super::heartbeat::{Stop, beat};
use super::row::JobRow;
use super::run::Run;
use super::work::{Fault, clean, work};
use crate::Backend;
use crate::events::{Topic, Waiter};
use crate::store::Store;

/// Jobs of other servers, and those whose time comes, are looked for this often.
const LOOK: Duration = Duration::from_secs(1);

/// While the end of a job cannot be written down, it is tried again after this; the lease ends meanwhile, perhaps.
const AGAIN: Duration = Duration::from_millis(500);

/// How often.
const TRIES: usize = 10;

/// Works until it is closed.
#[derive(Default)]
pub(crate) struct Workers(Mutex<Option<(watch::Sender<bool>, JoinHandle<()>)>>);

impl Backend {
    /// Begins to work on jobs, for as long as this backend is open. Once for a process that serves.
    pub fn start_working(&self) {
        let (close, closing) = watch::channel(false);
        let task = tokio::spawn(supervise(self.store.clone(), closing));
        let mut workers = self.workers.0.lock().unwrap_or_else(PoisonError::into_inner);
        *workers = Some((close, task));
    }
}

impl Workers {
    /// Begins nothing more, hands over what runs, and waits until that is written down.
    pub(crate) async fn close(&self) {
        let workers = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((close, task)) = workers {
            let _ = close.send(true);
            let _ = task.await;
        }
    }
}

async fn supervise(store: Arc<Store>, mut closing: watch::Receiver<bool>) {
    let waiter = Waiter::new(store.database.doorbell.clone(), vec![Topic::Jobs]);
    let mut running = JoinSet::new();
    let mut tidying = JoinSet::new();
    // Without it their leases end by themselves.
    let _ = store.take_over_at_start().await;
    while !*closing.borrow() {
        while running.try_join_next().is_some() {}
        while tidying.try_join_next().is_some() {}
        // Beside it, as a disk may hang.
        if tidying.is_empty() {
            let store = store.clone();
            tidying.spawn(async move { store.tidy().await });
        }
        // What the database refuses now it is asked again in a second.
        let _ = begin(&store, &closing, &mut running).await;
        tokio::select! {
            _ = closing.changed() => {}
            _ = tokio::time::timeout(LOOK, waiter.rung()), if !store.database.doorbell.is_closed() => {}
            _ = tokio::time::sleep(LOOK) => {}
            _ = running.join_next(), if !running.is_empty() => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// Begins what is to be begun.
async fn begin(
    store: &Arc<Store>,
    closing: &watch::Receiver<bool>,
    running: &mut JoinSet<()>,
) -> holdfast_domain::Result<()> {
    if !store.has_work().await? {
        return Ok(());
    }
    store.take_over().await?;
    while running.len() < store.settings.running_jobs && !*closing.borrow() {
        let Some(row) = store.claim().await? else { break };
        running.spawn(work_on(store.clone(), row, closing.clone()));
    }
    Ok(())
}

/// Works on a job to its end, or until it has to stop.
async fn work_on(store: Arc<Store>, row: JobRow, mut closing: watch::Receiver<bool>) {
    let job = row.id;
    tracing::info!(%job, attempt = row.attempts, "a job was begun");
    let key = match store.database.read().await {
        Ok(mut connection) => store.keyring.get(&mut connection, &row.key).await,
        Err(error) => Err(error),
    };
    // The lease ends, and somebody takes over.
    let Ok(key) = key else { return };
    let run = Arc::new(Run::new(store, row, key));
    let working = AssertUnwindSafe(work(run.clone())).catch_unwind();
    let end = tokio::select! {
        done = working => match done {
            Ok(Ok((result, progress))) => End::Completed(result, progress),
            Ok(Err(Fault::Lost)) => return run.end_threads(),
            Ok(Err(Fault::Again(fault))) => End::Fault(fault, true),
            Ok(Err(Fault::Never(fault))) => End::Fault(fault, false),
            Err(_) => {
                tracing::error!(%job, "a job panicked");
                let message = "Something went wrong in the program.".into();
                End::Fault(JobFault { code: "internal".into(), message }, true)
            }
        },
        stop = beat(&run) => match stop {
            Stop::Wanted(state) => End::Stopped(state),
            Stop::Lost => return run.end_threads(),
        },
        _ = closing.wait_for(|closing| *closing) => End::HandedOver,
    };
    if run.stop().await && end.is_over() {
        clean(&run).await;
    }
    for _ in 0..TRIES {
        match run.finish(&end).await {
            Ok(()) => {
                tracing::info!(%job, how = end.word(), "work on a job ended");
                return;
            }
            Err(error) => {
                tracing::warn!(%job, code = error.code(), "the end of a job is not written");
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}
