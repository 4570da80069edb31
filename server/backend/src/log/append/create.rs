//! Creating a session with its first save.

use holdfast_domain::session::SessionState;
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use crate::cipher::FORMAT;
use crate::column::{column, to_word};
use crate::creations::By;
use crate::database::failure;
use crate::log::commit::{Failure, InDatabase};
use crate::log::job::{Creation, Job};
use crate::log::work::Work;
use crate::sessions::{SessionRow, seal_name};
use crate::store::Store;

/// Creates the job's session, and with it the account of a new guest.
pub(super) async fn create(
    store: &Store,
    connection: &mut AnyConnection,
    job: &Job,
) -> Result<Work, Failure> {
    // What was destroyed is not made again by a device that did not know.
    let destroyed = store.destroyed_by(connection, job.session).await.in_database()?.is_some();
    let Some(creation) = job.create.as_ref().filter(|_| !destroyed) else {
        let account = store.account(connection, &job.visitor).await.in_database()?;
        let missing = store.missing(connection, account, job.session).await.in_database()?;
        return Err(Failure::Job(missing));
    };
    insert(store, connection, job, creation).await.in_database()
}

async fn insert(
    store: &Store,
    connection: &mut AnyConnection,
    job: &Job,
    creation: &Creation,
) -> Result<Work> {
    let account = store.ensure_account(connection, &job.visitor).await?;
    store.creations.count(&By::Account(account))?;
    let new = store.keyring.create();
    store.keyring.insert(connection, &new).await?;
    let now = store.environment.now_ms();
    let row = SessionRow {
        id: job.session,
        account,
        seq: 0,
        log_bytes: 0,
        shared_seq: 0,
        account_shared_seq: shared_seq_of(connection, &account.to_string()).await?,
        automatic_at: now,
        state: SessionState::Active,
        state_at: now,
        state_before: None,
        key: new.key.id.clone(),
        format: FORMAT,
        name: seal_name(&new.key, &*store.environment, job.session, &creation.name)?,
        created_at: creation.created_at.clamp(0, now),
        updated_at: now,
        active_at: now,
    };
    if insert_row(connection, &row).await? {
        return Ok(Work::created(row, new.key, creation.name.clone()));
    }
    // Another node created it in between.
    store.keyring.destroy(connection, &new.key.id).await?;
    let row = store.lock_session(connection, job.session).await?;
    Ok(Work::new(row.ok_or(Error::Unavailable)?))
}

/// Whether it is there now and was not before.
pub(in crate::log) async fn insert_row(
    connection: &mut AnyConnection,
    row: &SessionRow,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO sessions (id, account, seq, log_bytes, shared_seq, automatic_at, state, state_at, \
         state_before, key, format, name, created_at, updated_at, active_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(row.id.to_string())
    .bind(row.account.to_string())
    .bind(row.seq)
    .bind(row.log_bytes)
    .bind(row.shared_seq)
    .bind(row.automatic_at)
    .bind(to_word(row.state)?)
    .bind(row.state_at)
    .bind(row.state_before.map(to_word).transpose()?)
    .bind(row.key.clone())
    .bind(row.format)
    .bind(row.name.clone())
    .bind(row.created_at)
    .bind(row.updated_at)
    .bind(row.active_at)
    .execute(connection)
    .await
    .map_err(failure)?;
    Ok(done.rows_affected() == 1)
}

/// How far the account has shared values.
pub(in crate::log) async fn shared_seq_of(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<i64> {
    let row = sqlx::query("SELECT shared_seq FROM accounts WHERE id = $1")
        .bind(account)
        .fetch_one(connection)
        .await
        .map_err(failure)?;
    column(&row, "shared_seq")
}
