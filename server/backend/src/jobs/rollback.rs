//! Taking back what a transfer copied (JOB-7): copies that are as they were written are removed, and the folders that were
//! made for them, if nothing else is in them. As with a transfer, what becomes of each is stored before it is done. The last
//! portion is the first, so that a folder is empty when it is come to.

use std::sync::Arc;

use holdfast_domain::Error;
use holdfast_domain::job::{
    CopyEntry, CopyOutcome, JobParams, JobResult, Phase, Progress, RollbackParams, RollbackResult,
    Unit,
};
use serde::{Deserialize, Serialize};

use super::parts::Part;
use super::row::{Column, JobRow};
use super::run::Run;
use super::transfer::{COPIES, Copies, FAILURES, hash_of};
use super::work::Fault;
use crate::locations::{Folder, joined};

/// Where it goes on from.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    result: RollbackResult,
    /// Portions of the transfer that are left.
    parts: i64,
}

/// Does it.
pub(super) async fn rollback(
    run: &Run,
    params: &RollbackParams,
) -> Result<(JobResult, Progress), Fault> {
    let (copied, files) = transfer(run, params).await?;
    let JobParams::Transfer(copied) = copied else { return Err(missing()) };
    let to = run.folder(&copied.to.location, true).await?;
    let base = copied.to.path;
    let mut at = match run.cursor()? {
        Some(at) => at,
        None => {
            let mut connection = run.store.database.read().await?;
            let parts = Part::count(&mut connection, params.transfer, COPIES).await?;
            Cursor { parts, ..Cursor::default() }
        }
    };
    while at.parts > 0 {
        let part = at.parts - 1;
        let mut connection = run.store.database.read().await?;
        let of = (run.row.session, params.transfer);
        let copies: Option<Copies> =
            Part::read(&run.store, &mut connection, of, COPIES, part).await?;
        drop(connection);
        let copies = copies.ok_or_else(missing)?;
        let planned = match run.part(COPIES, part).await? {
            Some(planned) => planned,
            None => {
                let (to, base, stopping) = (to.clone(), base.clone(), run.stopping.clone());
                let planned = move || plan(&to, &base, copies, &stopping);
                let planned = run.on_thread(planned).await??;
                let stored = Part::new(COPIES, part, &planned)?;
                run.save(&at, progress(&at.result, files), vec![stored]).await?;
                planned
            }
        };
        let (there, base) = (to.clone(), base.clone());
        let removed = run.on_thread(move || remove(&there, &base, planned)).await??;
        for entry in &removed.entries {
            add(&mut at.result, entry);
        }
        let stored = Part::new(COPIES, part, &removed)?;
        at.parts = part;
        run.save(&at, progress(&at.result, files), vec![stored]).await?;
    }
    let progress = Progress { phase: Phase::Done, ..progress(&at.result, files) };
    Ok((JobResult::Rollback(at.result), progress))
}

/// What the transfer was to do, and how many files it came to.
async fn transfer(run: &Run, params: &RollbackParams) -> Result<(JobParams, u64), Fault> {
    let mut connection = run.store.database.read().await?;
    let row = JobRow::find(&mut connection, params.transfer, "").await?;
    let row = row.filter(|row| row.session == run.row.session).ok_or_else(missing)?;
    let key = run.store.keyring.get(&mut connection, &row.key).await?;
    let progress: Option<Progress> = row.open(&key, Column::Progress)?;
    let params = row.open(&key, Column::Params)?.ok_or(Error::Damaged)?;
    Ok((params, progress.unwrap_or_default().files))
}

fn missing() -> Fault {
    Fault::never(
        "transfer_not_found",
        "The transfer that was to be taken back is not known any more.",
    )
}

fn progress(result: &RollbackResult, total: u64) -> Progress {
    let all = [result.removed, result.changed, result.gone, result.failed];
    let done = all.iter().map(|amount| amount.files).sum::<u64>() + result.overwritten;
    Progress {
        phase: Phase::Removing,
        unit: Unit::Files,
        done,
        total: Some(total.max(done)),
        files: done,
        files_total: Some(total.max(done)),
        ..Progress::default()
    }
}

/// What becomes of each copy. Blocks.
fn plan(
    to: &Arc<Folder>,
    base: &str,
    copies: Copies,
    stopping: &std::sync::atomic::AtomicBool,
) -> Result<Copies, Fault> {
    let written = |entry: &CopyEntry| {
        matches!(
            entry.outcome,
            CopyOutcome::Copied | CopyOutcome::Renamed | CopyOutcome::Overwritten
        )
    };
    let mut entries = Vec::new();
    for mut entry in copies.entries.into_iter().filter(written) {
        if entry.outcome != CopyOutcome::Overwritten {
            entry.outcome = match hash_of(to, &joined(base, entry.target()), stopping) {
                Ok(None) => CopyOutcome::Gone,
                Ok(hash) if hash == entry.hash => CopyOutcome::Remove,
                Ok(_) => CopyOutcome::Changed,
                Err(wrong) => failed(&mut entry, wrong.of_file()?),
            };
        }
        entries.push(entry);
    }
    Ok(Copies { entries, folders: copies.folders })
}

fn failed(entry: &mut CopyEntry, code: &str) -> CopyOutcome {
    entry.code = Some(code.into());
    CopyOutcome::Failed
}

/// Removes what is to be removed. Blocks.
fn remove(to: &Arc<Folder>, base: &str, mut copies: Copies) -> Result<Copies, Fault> {
    for entry in copies.entries.iter_mut().filter(|entry| entry.outcome.is_due()) {
        entry.outcome = match to.remove(&joined(base, entry.target())) {
            // It was done before, by a server that is gone.
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                failed(entry, "permission_denied")
            }
            _ => CopyOutcome::Removed,
        };
    }
    // Those with something else in them stay.
    for folder in copies.folders.iter().rev() {
        let _ = to.remove_empty(&joined(base, folder));
    }
    Ok(copies)
}

fn add(result: &mut RollbackResult, entry: &CopyEntry) {
    match entry.outcome {
        CopyOutcome::Overwritten => result.overwritten += 1,
        CopyOutcome::Removed => result.removed.add(entry.bytes),
        CopyOutcome::Changed => result.changed.add(entry.bytes),
        CopyOutcome::Gone => result.gone.add(entry.bytes),
        _ => {
            if result.failures.len() < FAILURES {
                result.failures.push(entry.clone());
            }
            result.failed.add(entry.bytes);
        }
    }
}
