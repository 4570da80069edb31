//! What a job leaves that has come to its end before its work had: parts of files. They are removed with the end, and where
//! that was not possible - the server was killed, a disk hangs - later, as often as it takes.

use holdfast_domain::job::JobParams;
use holdfast_domain::{Error, Result};
use sqlx::AssertSqlSafe;

use super::row::{Column, JobRow, SELECT};
use super::transfer::work_folder;
use crate::blocking::on_thread;
use crate::database::failure;
use crate::locations::Folder;
use crate::store::Store;

/// Jobs that are looked at in one go.
const AT_ONCE: i64 = 20;

/// Whether a job may leave parts of files.
pub(super) fn leaves_files(params: &JobParams) -> bool {
    matches!(params, JobParams::Transfer(params) if !params.dry_run)
}

impl Store {
    /// Removes what jobs left; what cannot be removed now, the next time.
    pub(super) async fn tidy(&self) -> Result<()> {
        let sql = format!(
            "{SELECT} WHERE j.untidy = 1 AND j.state IN ('completed', 'failed', 'cancelled') \
             ORDER BY j.id LIMIT $1"
        );
        let mut connection = self.database.read().await?;
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(AT_ONCE)
            .fetch_all(&mut *connection)
            .await
            .map_err(failure)?;
        drop(connection);
        for row in &rows {
            // The others do not wait for one that cannot be reached.
            let _ = self.tidy_one(&JobRow::read(row)?).await;
        }
        Ok(())
    }

    /// Removes what a job left that has come to its end.
    ///
    /// # Errors
    /// `Unavailable`: not now.
    pub(super) async fn tidy_one(&self, row: &JobRow) -> Result<()> {
        self.remove_parts(row).await?;
        let mut write = self.database.write().await?;
        sqlx::query(
            "UPDATE jobs SET untidy = 0 WHERE id = $1 AND lease = $2 \
             AND state IN ('completed', 'failed', 'cancelled')",
        )
        .bind(row.id.to_string())
        .bind(row.lease)
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        write.commit().await
    }

    async fn remove_parts(&self, row: &JobRow) -> Result<()> {
        let mut connection = self.database.read().await?;
        let key = match self.keyring.get(&mut connection, &row.key).await {
            // Where they are will never be known again.
            Err(Error::Damaged) => return Ok(()),
            key => key?,
        };
        let params = match row.open(&key, Column::Params) {
            Ok(Some(JobParams::Transfer(params))) => params,
            _ => return Ok(()),
        };
        let location = self.location(&mut connection, Some(row.account), &params.to.location);
        // It is nobody's any more.
        let Ok(location) = location.await else { return Ok(()) };
        let folder = Folder::open(location).map_err(|_| Error::Unavailable)?;
        let work = work_folder(&params.to.path, row.id);
        on_thread(move || folder.remove_all(&work)).await?.map_err(|_| Error::Unavailable)
    }
}
