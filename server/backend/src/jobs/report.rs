//! What a job found, to be read portion by portion.

use holdfast_domain::Result;
use holdfast_domain::id::JobId;
use holdfast_domain::job::FileEntry;

use super::parts::Part;
use super::scan::MANIFEST;
use crate::{Backend, Visitor};

impl Backend {
    /// The files that a scan found, some at a time, from portion 0 on; `None`: there are no more.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `Damaged`, `NotSignedIn`, `Unavailable`.
    pub async fn job_files(
        &self,
        visitor: &Visitor,
        job: JobId,
        part: i64,
    ) -> Result<Option<Vec<FileEntry>>> {
        let mut connection = self.store.database.read().await?;
        let row = self.owned_job(&mut connection, visitor, job, "").await?;
        Part::read(&self.store, &mut connection, (row.session, job), MANIFEST, part).await
    }
}
