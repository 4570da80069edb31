//! That a server works on a job is said again and again; what is wanted of the job is found out with it.

use std::time::{Duration, Instant};

use holdfast_domain::Result;
use holdfast_domain::job::JobState;

use super::claim::{LEASE, lease_ms};
use super::run::Run;
use crate::column::optional_word;
use crate::database::failure;
use crate::events::{Topic, Waiter};

/// What another server was asked is found out this late at most.
const EVERY: Duration = Duration::from_secs(1);

/// The lease is renewed this long before it ends.
const AHEAD: Duration = Duration::from_secs(6);

/// Why work on a job stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Somebody wants it to be in this state.
    Wanted(JobState),
    /// It is somebody else's now, or nobody knows.
    Lost,
}

/// Goes on until the work has to stop.
pub(super) async fn beat(run: &Run) -> Stop {
    let doorbell = run.store.database.doorbell.clone();
    let waiter = Waiter::new(doorbell, vec![Topic::Job(run.row.id)]);
    let mut renewed = Instant::now();
    loop {
        match look(run, renewed.elapsed() >= LEASE - AHEAD).await {
            Ok(Look::Mine { renewed: true, .. }) => renewed = Instant::now(),
            Ok(Look::Mine { wanted: Some(wanted), .. }) => return Stop::Wanted(wanted),
            Ok(Look::Mine { .. }) => {}
            Ok(Look::Lost) => return Stop::Lost,
            // Whoever takes over has waited as long.
            Err(_) if renewed.elapsed() >= LEASE => return Stop::Lost,
            Err(_) => {}
        }
        if doorbell_closed(run) {
            tokio::time::sleep(EVERY).await;
        } else {
            let _ = tokio::time::timeout(EVERY, waiter.rung()).await;
        }
    }
}

fn doorbell_closed(run: &Run) -> bool {
    run.store.database.doorbell.is_closed()
}

enum Look {
    Mine { wanted: Option<JobState>, renewed: bool },
    Lost,
}

async fn look(run: &Run, renew: bool) -> Result<Look> {
    let (store, row) = (&run.store, &run.row);
    let mut connection = store.database.read().await?;
    let found =
        sqlx::query("SELECT wanted FROM jobs WHERE id = $1 AND lease = $2 AND state = 'running'")
            .bind(row.id.to_string())
            .bind(row.lease)
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure)?;
    drop(connection);
    let Some(found) = found else { return Ok(Look::Lost) };
    let wanted = optional_word(&found, "wanted")?;
    if wanted.is_some() || !renew {
        return Ok(Look::Mine { wanted, renewed: false });
    }
    let mut write = store.database.write().await?;
    sqlx::query(
        "UPDATE jobs SET lease_until = $1 WHERE id = $2 AND lease = $3 AND state = 'running'",
    )
    .bind(store.environment.now_ms().saturating_add(lease_ms()))
    .bind(row.id.to_string())
    .bind(row.lease)
    .execute(write.connection()?)
    .await
    .map_err(failure)?;
    write.commit().await?;
    Ok(Look::Mine { wanted, renewed: true })
}
