//! What a job finds, in portions: stored with its progress, read when somebody looks.

use holdfast_domain::id::{JobId, SessionId};
use holdfast_domain::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::AnyConnection;

use super::row::JobRow;
use crate::cipher::{FORMAT, Key, Place};
use crate::column::column;
use crate::database::failure;
use crate::store::Store;

/// A portion that is about to be written.
pub(super) struct Part {
    /// What it is of.
    pub(super) name: &'static str,
    /// Which one, from 0 on.
    pub(super) part: i64,
    payload: Vec<u8>,
}

impl Part {
    pub(super) fn new(name: &'static str, part: i64, value: &impl Serialize) -> Result<Self> {
        let payload = postcard::to_allocvec(value).map_err(|_| Error::Internal)?;
        Ok(Self { name, part, payload })
    }

    /// Writes it, in place of one that was there.
    pub(super) async fn insert(
        self,
        store: &Store,
        connection: &mut AnyConnection,
        job: &JobRow,
        key: &Key,
    ) -> Result<()> {
        let (owner, id) = (job.session.to_string(), id_of(job.id, self.name, self.part));
        let place = Place { table: "job_parts", owner: &owner, id: &id };
        let sealed = key.seal(&*store.environment, place, &self.payload)?;
        sqlx::query(
            "INSERT INTO job_parts (job, session, name, part, key, format, payload) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (job, name, part) \
             DO UPDATE SET key = excluded.key, format = excluded.format, payload = excluded.payload",
        )
        .bind(job.id.to_string())
        .bind(owner)
        .bind(self.name)
        .bind(self.part)
        .bind(key.id.clone())
        .bind(FORMAT)
        .bind(sealed)
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }

    /// Reads one; `None`: there is none.
    pub(super) async fn read<T: DeserializeOwned>(
        store: &Store,
        connection: &mut AnyConnection,
        (session, job): (SessionId, JobId),
        name: &str,
        part: i64,
    ) -> Result<Option<T>> {
        let row = sqlx::query(
            "SELECT key, format, payload FROM job_parts WHERE job = $1 AND name = $2 AND part = $3",
        )
        .bind(job.to_string())
        .bind(name.to_owned())
        .bind(part)
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure)?;
        let Some(row) = row else { return Ok(None) };
        let key = store.keyring.get(connection, &column::<String>(&row, "key")?).await?;
        let (owner, id) = (session.to_string(), id_of(job, name, part));
        let place = Place { table: "job_parts", owner: &owner, id: &id };
        let payload: Vec<u8> = column(&row, "payload")?;
        let plain = key.open(column(&row, "format")?, place, &payload)?;
        postcard::from_bytes(&plain).map(Some).map_err(|_| Error::Damaged)
    }

    /// How many there are.
    pub(super) async fn count(
        connection: &mut AnyConnection,
        job: JobId,
        name: &str,
    ) -> Result<i64> {
        let row = sqlx::query(
            "SELECT COALESCE(MAX(part) + 1, 0) AS parts FROM job_parts WHERE job = $1 AND name = $2",
        )
        .bind(job.to_string())
        .bind(name.to_owned())
        .fetch_one(connection)
        .await
        .map_err(failure)?;
        column(&row, "parts")
    }
}

/// As `doctor` writes it.
fn id_of(job: JobId, name: &str, part: i64) -> String {
    format!("{job} {name} {part}")
}
