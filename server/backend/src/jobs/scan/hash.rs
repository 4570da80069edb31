//! Reading contents: of files that have the size of another one, as no others can be there twice.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use holdfast_domain::job::{Phase, Progress, ScanParams, Unit};

use super::Cursor;
use crate::blocking::on_thread;
use crate::jobs::parts::Part;
use crate::jobs::run::Run;
use crate::jobs::walk::{Counted, MANIFEST, portion};
use crate::jobs::work::Fault;
use crate::locations::{Folder, joined};

/// Read before it is looked again whether the work has to stop.
const BYTES: u64 = 16 << 20;

/// Goes on with a portion, of which none was read; what was counted in the end.
pub(super) async fn read(
    run: &Run,
    folder: &Arc<Folder>,
    params: &ScanParams,
    mut counted: Counted,
    part: i64,
    mut read: u64,
) -> Result<Counted, Fault> {
    let sizes = sizes(run, counted).await?;
    let is_candidate = |bytes: u64| sizes.get(&bytes).is_some_and(|files| *files > 1);
    let total =
        sizes.iter().filter(|(_, files)| **files > 1).map(|(bytes, files)| bytes * files).sum();
    for part in part..counted.parts {
        let mut portion = portion(run, part).await?;
        for file in portion.iter_mut().filter(|file| is_candidate(file.bytes)) {
            let path = joined(&params.path, &file.path);
            file.hash = hash(folder, path).await?;
            counted.unreadable += u64::from(file.hash.is_none());
            read += file.bytes;
        }
        let is_last = part + 1 == counted.parts;
        if run.is_due() || is_last || portion.iter().any(|file| file.hash.is_some()) {
            let progress = Progress {
                phase: Phase::Reading,
                unit: Unit::Bytes,
                done: read,
                total: Some(total),
                files: counted.files,
                files_total: Some(counted.files),
                ..Progress::default()
            };
            let parts = vec![Part::new(MANIFEST, part, &portion)?];
            run.save(&Cursor::Reading { counted, part: part + 1, read }, progress, parts).await?;
        }
    }
    Ok(counted)
}

/// How many files there are of each size; empty ones are all the same.
async fn sizes(run: &Run, counted: Counted) -> Result<BTreeMap<u64, u64>, Fault> {
    let mut sizes = BTreeMap::new();
    for part in 0..counted.parts {
        for file in portion(run, part).await?.iter().filter(|file| file.bytes > 0) {
            *sizes.entry(file.bytes).or_default() += 1;
        }
    }
    Ok(sizes)
}

/// `None` where it cannot be read.
async fn hash(folder: &Arc<Folder>, path: String) -> Result<Option<String>, Fault> {
    let folder = folder.clone();
    let opened = on_thread(move || folder.read(&path)).await?;
    let Ok(mut file) = opened else { return Ok(None) };
    let mut hasher = blake3::Hasher::new();
    loop {
        let some = move || {
            let mut hasher = hasher;
            let before = hasher.count();
            let done = hasher.update_reader(Read::take(&mut file, BYTES)).is_ok();
            let at_end = hasher.count() == before;
            (file, hasher, done, at_end)
        };
        let (next, hashed, done, at_end) = on_thread(some).await?;
        if !done {
            return Ok(None);
        }
        if at_end {
            return Ok(Some(hashed.finalize().to_hex().to_string()));
        }
        (file, hasher) = (next, hashed);
    }
}
