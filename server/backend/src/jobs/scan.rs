//! Walking a location: what is in it, of which types, what is largest, what is there more than once (JOB-7).

mod hash;
mod sum;
mod walk;

use std::sync::Arc;

use holdfast_domain::job::{FileEntry, JobResult, Phase, Progress, ScanParams, Unit};
use serde::{Deserialize, Serialize};

use super::run::Run;
use super::work::Fault;
use crate::locations::Folder;

/// The portions of what was found.
pub(super) const MANIFEST: &str = "manifest";
/// Files in one.
const FILES: usize = 1_000;

/// A portion of the manifest.
type Portion = Vec<FileEntry>;

/// What was counted so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    files: u64,
    folders: u64,
    bytes: u64,
    unreadable: u64,
    skipped: u64,
    /// Portions that are written.
    parts: i64,
}

/// Where it goes on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Cursor {
    /// After this folder, in the order of the walk.
    Walking { counted: Counted, after: Option<String> },
    /// With this portion's contents.
    Reading { counted: Counted, part: i64, read: u64 },
}

/// Does it.
pub(super) async fn scan(run: &Run, params: &ScanParams) -> Result<(JobResult, Progress), Fault> {
    let mut connection = run.store.database.read().await?;
    let location =
        run.store.location(&mut connection, Some(run.row.account), &params.location).await?;
    let folder = Folder::open(location).map_err(|_| unreachable(&params.location))?;
    drop(connection);
    let folder = Arc::new(folder);
    let begin = Cursor::Walking { counted: Counted::default(), after: None };
    let cursor = run.cursor()?.unwrap_or(begin);
    let (counted, part, read) = match cursor {
        Cursor::Walking { counted, after } => {
            (walk::walk(run, &folder, params, counted, after).await?, 0, 0)
        }
        Cursor::Reading { counted, part, read } => (counted, part, read),
    };
    let counted = match params.duplicates {
        true => hash::read(run, &folder, params, counted, part, read).await?,
        false => counted,
    };
    let result = sum::sum(run, counted).await?;
    let progress = Progress {
        phase: Phase::Done,
        unit: Unit::Files,
        done: counted.files,
        total: Some(counted.files),
        files: counted.files,
        files_total: Some(counted.files),
        ..Progress::default()
    };
    Ok((JobResult::Scan(result), progress))
}

/// It may come back: a disk that is not mounted, a network that is gone.
fn unreachable(location: &str) -> Fault {
    Fault::again("location_unavailable", format!("The location {location} cannot be reached now."))
}
