//! What a save changes besides the log.

use holdfast_domain::event::EventKind;
use holdfast_domain::id::{RestoreId, SessionId};
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use crate::cipher::{FORMAT, Key};
use crate::column::column;
use crate::database::failure;
use crate::log::commit::{Failure, InDatabase};
use crate::log::job::Job;
use crate::log::work::Work;
use crate::sessions::{SessionRow, seal_name};
use crate::snapshots::{already_undone, insert_restore, mark_undone};
use crate::store::Store;

/// Activity, name, shared values, and the records of a restore or its undo.
pub(super) async fn settle(
    store: &Store,
    connection: &mut AnyConnection,
    work: &mut Work,
    key: &Key,
    job: &Job,
    now: i64,
) -> Result<()> {
    // Also back, where a clock that was wrong has written what is yet to come.
    let (seen_at, state) = (work.row.active_at, work.row.state);
    if job.active && work.row.note_activity(now) {
        let changed = (work.row.state != state).then_some(work.row.state);
        work.events.extend(changed.map(|state| EventKind::State { state }));
        work.activity.seen(seen_at, now);
        work.change();
    }
    if let Some(shared_seq) = job.shared_seq.filter(|seq| *seq > work.row.shared_seq) {
        work.row.shared_seq = shared_seq;
        work.change();
    }
    if let Some(name) = &job.rename {
        rename(store, connection, work, key, name, now).await?;
    }
    if let Some(restore) = &job.restore {
        insert_restore(store, connection, key, &work.row, restore, now).await?;
    }
    if let Some(restore) = job.undone {
        mark_undone(connection, job.session, restore, now).await?;
    }
    Ok(())
}

/// Inside the transaction that holds the session's row, so that an undo happens once.
pub(super) async fn check_not_undone(
    connection: &mut AnyConnection,
    session: SessionId,
    restore: RestoreId,
) -> Result<(), Failure> {
    let row = sqlx::query("SELECT undone_at FROM restores WHERE session = $1 AND id = $2")
        .bind(session.to_string())
        .bind(restore.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure)
        .in_database()?;
    let row = row.ok_or(Failure::Job(Error::NotFound))?;
    if column::<Option<i64>>(&row, "undone_at").in_database()?.is_some() {
        return Err(Failure::Job(already_undone()));
    }
    Ok(())
}

/// Notes whose a client id is (SYNC-5).
pub(super) async fn insert_client(
    connection: &mut AnyConnection,
    row: &SessionRow,
    client: u64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO context_clients (session, client, account) VALUES ($1, $2, $3) \
         ON CONFLICT (session, client) DO NOTHING",
    )
    .bind(row.id.to_string())
    .bind(client.cast_signed())
    .bind(row.account.to_string())
    .execute(connection)
    .await
    .map_err(failure)?;
    Ok(())
}

async fn rename(
    store: &Store,
    connection: &mut AnyConnection,
    work: &mut Work,
    key: &Key,
    name: &str,
    now: i64,
) -> Result<()> {
    let sealed = seal_name(key, &*store.environment, work.row.id, name)?;
    sqlx::query("UPDATE sessions SET name = $1, format = $2 WHERE id = $3")
        .bind(sealed)
        .bind(FORMAT)
        .bind(work.row.id.to_string())
        .execute(connection)
        .await
        .map_err(failure)?;
    work.set_name(name.into());
    work.events.push(EventKind::Renamed { name: name.into() });
    work.row.updated_at = now;
    work.change();
    Ok(())
}
