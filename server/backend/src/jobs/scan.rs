//! Walking a location: what is in it, of which types, what is largest, what is there more than once (JOB-7).

mod hash;
mod sum;

use holdfast_domain::job::{JobResult, Phase, Progress, ScanParams, Unit};
use holdfast_domain::location::Place;
use serde::{Deserialize, Serialize};

use super::run::Run;
use super::walk::{Counted, Walking, walk};
use super::work::Fault;

/// Where it goes on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Cursor {
    /// In the walk.
    Walking(Walking),
    /// With this portion's contents.
    Reading { counted: Counted, part: i64, read: u64 },
}

/// Does it.
pub(super) async fn scan(run: &Run, params: &ScanParams) -> Result<(JobResult, Progress), Fault> {
    let place = Place { location: params.location.clone(), path: params.path.clone() };
    let folder = run.folder(&place.location, false).await?;
    let cursor = run.cursor()?.unwrap_or(Cursor::Walking(Walking::default()));
    let (counted, part, read) = match cursor {
        Cursor::Walking(walking) => {
            (walk(run, &folder, &place, walking, Cursor::Walking).await?, 0, 0)
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
