//! What a job found or did with each file, to be read portion by portion.

use holdfast_domain::Result;
use holdfast_domain::id::JobId;
use holdfast_domain::job::{CopyEntry, FileEntry, JobKind};

use super::parts::Part;
use super::transfer::{COPIES, Copies};
use super::walk::MANIFEST;
use crate::{Backend, Visitor};

/// Some files of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobFiles {
    /// That a scan found.
    Found(Vec<FileEntry>),
    /// That a transfer copied, or that its rollback took back.
    Copies(Vec<CopyEntry>),
}

impl Backend {
    /// The files of a job, some at a time, from portion 0 on; `None`: there are no more.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `Damaged`, `NotSignedIn`, `Unavailable`.
    pub async fn job_files(
        &self,
        visitor: &Visitor,
        job: JobId,
        part: i64,
    ) -> Result<Option<JobFiles>> {
        let mut connection = self.store.database.read().await?;
        let row = self.owned_job(&mut connection, visitor, job, "").await?;
        let (store, of) = (&self.store, (row.session, row.id));
        if row.kind == JobKind::Scan {
            let found = Part::read(store, &mut connection, of, MANIFEST, part).await?;
            return Ok(found.map(JobFiles::Found));
        }
        let copies: Option<Copies> = Part::read(store, &mut connection, of, COPIES, part).await?;
        Ok(copies.map(|copies| JobFiles::Copies(copies.entries)))
    }
}
