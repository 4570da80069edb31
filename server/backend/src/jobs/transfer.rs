//! Copying from a location to another (JOB-7): the source is walked first; then, portion by portion, what becomes of each
//! file is decided and stored, and done. A copy is written under a working name, read back, compared, and named.

mod batch;
mod content_hash;
mod copier;
mod large;
mod plan;
mod sum;
mod wrong;

use std::sync::Arc;

use holdfast_domain::id::JobId;
use holdfast_domain::job::{
    CopyEntry, JobResult, Phase, Progress, TransferParams, TransferResult, Unit,
};
use serde::{Deserialize, Serialize};

use self::content_hash::PIECE;
use self::copier::Copier;
pub(super) use self::copier::hash_of;
use self::large::{Large, Within};
pub(super) use self::plan::Copies;
use self::plan::plan;
pub(super) use self::sum::FAILURES;
use self::sum::add;
use self::wrong::Wrong;
use super::parts::Part;
use super::run::Run;
use super::walk::{Counted, Walking, portion, walk};
use super::work::Fault;
use crate::blocking::on_thread;
use crate::locations::{Folder, WORK, joined};

/// The portions of what becomes of each file.
pub(super) const COPIES: &str = "copies";
/// Small files that are copied together, at most...
const BATCH_FILES: usize = 500;
/// ...and their bytes.
const BATCH_BYTES: u64 = 64 << 20;

/// Where it goes on from.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Cursor {
    Walking(Walking),
    Copying(Copying),
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Copying {
    counted: Counted,
    /// Of the portions before `part`.
    result: TransferResult,
    part: i64,
    /// A large file of that portion.
    within: Option<Within>,
}

/// The folder, in the folder that is copied to, of what is not yet whole.
pub(super) fn work_folder(base: &str, job: JobId) -> String {
    joined(base, &format!("{WORK}{job}"))
}

/// Removes what this work left. What another server writes, which has the job by now perhaps, stays.
pub(super) async fn clean(run: &Run, params: &TransferParams) {
    let work = work_folder(&params.to.path, run.row.id);
    let Ok(to) = run.folder(&params.to.location, true).await else { return };
    let own = joined(&work, &run.row.lease.to_string());
    let remove = move || to.remove_all(&own).and_then(|()| to.remove_empty(&work));
    let _ = on_thread(remove).await;
}

/// A transfer that is at work.
struct Transfer<'a> {
    run: &'a Run,
    copier: Arc<Copier>,
    at: Copying,
}

/// Does it.
pub(super) async fn transfer(
    run: &Run,
    params: &TransferParams,
) -> Result<(JobResult, Progress), Fault> {
    let from = run.folder(&params.from.location, false).await?;
    let to = run.folder(&params.to.location, !params.dry_run).await?;
    let at = match run.cursor()?.unwrap_or(Cursor::Walking(Walking::default())) {
        Cursor::Walking(walking) => {
            let counted = walk(run, &from, &params.from, walking, Cursor::Walking).await?;
            Copying { counted, ..Copying::default() }
        }
        Cursor::Copying(at) => at,
    };
    let work = work_folder(&params.to.path, run.row.id);
    let copier = Copier {
        from,
        to: to.clone(),
        source: params.from.path.clone(),
        target: params.to.path.clone(),
        work: joined(&work, &run.row.lease.to_string()),
        conflict: params.conflict,
        stopping: run.stopping.clone(),
    };
    let mut transfer = Transfer { run, copier: Arc::new(copier), at };
    if !params.dry_run {
        let (lease, within) = (run.row.lease, transfer.at.within.clone());
        let base = params.to.path.clone();
        let begun = run.on_thread(move || begin(&to, &base, &work, lease, within.as_ref())).await?;
        begun.map_err(|cause| Fault::from(Wrong::target(&cause)))?;
    }
    while transfer.at.part < transfer.at.counted.parts {
        transfer.portion(params.dry_run).await?;
    }
    let progress = Progress { phase: Phase::Done, ..transfer.progress(&Copies::default(), 0) };
    let Copying { counted, result, .. } = transfer.at;
    let (unreadable, not_files) = (counted.unreadable, counted.skipped);
    let dry_run = params.dry_run;
    Ok((JobResult::Transfer(TransferResult { dry_run, unreadable, not_files, ..result }), progress))
}

/// Makes room for this work. What earlier work of this job left is removed, but for the file that goes on: whoever still
/// writes there - a server that was thought gone - finds its folder gone. Blocks.
fn begin(
    to: &Folder,
    base: &str,
    work: &str,
    lease: i64,
    within: Option<&Within>,
) -> std::io::Result<()> {
    to.make(base)?;
    let now = joined(work, &lease.to_string());
    to.make(&now)?;
    if let Some(within) = within {
        let number = within.number.to_string();
        let there = joined(&joined(work, &within.lease.to_string()), &number);
        // Without it the file is begun again.
        let _ = to.put(&there, &joined(&now, &number));
    }
    let listed = to.list(work)?;
    for folder in listed.folders.iter().filter(|name| **name != lease.to_string()) {
        to.remove_all(&joined(work, folder))?;
    }
    Ok(())
}

impl Transfer<'_> {
    /// Decides for a portion, does it, and goes to the next one.
    async fn portion(&mut self, dry_run: bool) -> Result<(), Fault> {
        let stored: Option<Copies> = self.run.part(COPIES, self.at.part).await?;
        // Only what this run decided is certain not to have been begun by another one.
        let again = stored.is_some();
        let mut copies = match stored {
            Some(copies) => copies,
            None => self.decide().await?,
        };
        if !dry_run {
            if !again {
                self.save(&copies, 0).await?;
            }
            self.copy(&mut copies, again).await?;
            self.sync().await?;
        }
        for entry in &copies.entries {
            add(&mut self.at.result, entry);
        }
        let part = Part::new(COPIES, self.at.part, &copies)?;
        self.at = Copying { part: self.at.part + 1, within: None, ..self.at.clone() };
        let progress = self.progress(&Copies::default(), 0);
        self.run.save(&Cursor::Copying(self.at.clone()), progress, vec![part]).await
    }

    async fn decide(&self) -> Result<Copies, Fault> {
        let (files, copier) = (portion(self.run, self.at.part).await?, self.copier.clone());
        let decided = move || plan(&copier.to, &copier.target, files, copier.conflict);
        Ok(self.run.on_thread(decided).await??)
    }

    async fn copy(&mut self, copies: &mut Copies, again: bool) -> Result<(), Fault> {
        let due = |(_, entry): &(usize, &CopyEntry)| entry.outcome.is_due();
        let due: Vec<usize> =
            copies.entries.iter().enumerate().filter(due).map(|(number, _)| number).collect();
        let (mut batch, mut bytes) = (Vec::new(), 0);
        for number in due {
            let Some(entry) = copies.entries.get(number).cloned() else { continue };
            if entry.bytes > PIECE {
                self.large(copies, number, entry, again).await?;
                continue;
            }
            bytes += entry.bytes;
            batch.push((number, entry));
            if batch.len() >= BATCH_FILES || bytes >= BATCH_BYTES {
                self.batch(copies, std::mem::take(&mut batch), again).await?;
                bytes = 0;
            }
        }
        self.batch(copies, batch, again).await
    }

    async fn batch(
        &mut self,
        copies: &mut Copies,
        batch: Vec<batch::Numbered>,
        again: bool,
    ) -> Result<(), Fault> {
        let copier = self.copier.clone();
        let done = self.run.on_thread(move || batch::copy(&copier, batch, again)).await??;
        for (number, entry) in done {
            put(copies, number, entry);
        }
        self.save_if_due(copies, 0).await
    }

    async fn large(
        &mut self,
        copies: &mut Copies,
        number: usize,
        entry: CopyEntry,
        again: bool,
    ) -> Result<(), Fault> {
        let within = self.at.within.take().filter(|within| within.number == number);
        let (copier, lease, mut entry) = (self.copier.clone(), self.run.row.lease, entry);
        let opened = self.run.on_thread(move || {
            let opened = batch::of_file(&mut entry, |entry| {
                if again && within.is_none() && copier.was_done(entry)? {
                    return Ok(None);
                }
                Large::open(&copier, entry, lease, number, within).map(Some)
            })?;
            Ok::<_, Wrong>((entry, opened.flatten()))
        });
        let (mut entry, mut large) = opened.await??;
        while let Some(mut file) = large.take() {
            let (copier, due) = (self.copier.clone(), self.run.is_due());
            let stepped = self.run.on_thread(move || {
                let done = batch::of_file(&mut entry, |entry| file.step(&copier, entry))?;
                let more = done == Some(false);
                let within = (more && due).then(|| file.within()).transpose()?;
                Ok::<_, Wrong>((entry, more.then_some(file), within))
            });
            let within;
            (entry, large, within) = stepped.await??;
            if let (Some(file), Some(within)) = (&large, within) {
                self.at.within = Some(within);
                self.sync().await?;
                self.save(copies, file.done()).await?;
            }
        }
        self.at.within = None;
        put(copies, number, entry);
        self.save_if_due(copies, 0).await
    }

    async fn save_if_due(&self, copies: &Copies, within: u64) -> Result<(), Fault> {
        if self.run.is_due() {
            self.sync().await?;
            self.save(copies, within).await?;
        }
        Ok(())
    }

    /// What is said to be done is on the disk.
    async fn sync(&self) -> Result<(), Fault> {
        let to = self.copier.to.clone();
        let synced = self.run.on_thread(move || to.sync()).await?;
        synced.map_err(|cause| Fault::from(Wrong::target(&cause)))
    }

    async fn save(&self, copies: &Copies, within: u64) -> Result<(), Fault> {
        let part = Part::new(COPIES, self.at.part, copies)?;
        let progress = self.progress(copies, within);
        self.run.save(&Cursor::Copying(self.at.clone()), progress, vec![part]).await
    }

    /// With what is done of a portion, and within a file.
    fn progress(&self, copies: &Copies, within: u64) -> Progress {
        let mut so_far = self.at.result.clone();
        for entry in copies.entries.iter().filter(|entry| !entry.outcome.is_due()) {
            add(&mut so_far, entry);
        }
        let all = sum::all(&so_far);
        Progress {
            phase: Phase::Copying,
            unit: Unit::Bytes,
            done: all.bytes + within,
            // A file may have grown since.
            total: Some(self.at.counted.bytes.max(all.bytes + within)),
            files: all.files,
            files_total: Some(self.at.counted.files),
            ..Progress::default()
        }
    }
}

fn put(copies: &mut Copies, number: usize, entry: CopyEntry) {
    if let Some(there) = copies.entries.get_mut(number) {
        *there = entry;
    }
}
