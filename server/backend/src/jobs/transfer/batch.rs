//! Many files, each small, at once: all are written, then the disk has them, then each gets its name. Blocks.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use holdfast_domain::job::{CopyEntry, CopyOutcome};

use super::copier::Copier;
use super::wrong::Wrong;

/// Files that are read and written at the same time.
const AT_ONCE: usize = 4;

/// A file of the portion, and its place in it.
pub(super) type Numbered = (usize, CopyEntry);

/// Copies them; `again`: some may have been copied by a server that is gone.
pub(super) fn copy(
    copier: &Copier,
    files: Vec<Numbered>,
    again: bool,
) -> Result<Vec<Numbered>, Wrong> {
    let mut files = at_once(files, |(number, entry)| {
        if !(again && of_file(entry, |entry| copier.was_done(entry))?.unwrap_or(true)) {
            of_file(entry, |entry| copier.write(&number.to_string(), entry))?;
        }
        Ok(())
    })?;
    copier.to.sync().map_err(|cause| Wrong::target(&cause))?;
    for (number, entry) in files.iter_mut().filter(|(_, entry)| entry.outcome.is_due()) {
        of_file(entry, |entry| copier.place(&number.to_string(), entry))?;
    }
    Ok(files)
}

/// What goes wrong with a file is its outcome; `None`: it has gone wrong.
pub(super) fn of_file<T>(
    entry: &mut CopyEntry,
    work: impl FnOnce(&mut CopyEntry) -> Result<T, Wrong>,
) -> Result<Option<T>, Wrong> {
    match work(entry) {
        Ok(done) => Ok(Some(done)),
        Err(Wrong::File(code)) => {
            (entry.outcome, entry.code) = (CopyOutcome::Failed, Some(code.into()));
            Ok(None)
        }
        Err(wrong) => Err(wrong),
    }
}

/// Does it for all of them, some at a time.
fn at_once(
    files: Vec<Numbered>,
    work: impl Fn(&mut Numbered) -> Result<(), Wrong> + Sync,
) -> Result<Vec<Numbered>, Wrong> {
    let next = AtomicUsize::new(0);
    let files: Vec<Mutex<Numbered>> = files.into_iter().map(Mutex::new).collect();
    let wrong = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(files.len()) {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done = work(&mut file.lock().unwrap_or_else(PoisonError::into_inner));
                    if let Err(cause) = done {
                        next.store(files.len(), Ordering::Relaxed);
                        *wrong.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause);
                    }
                }
            });
        }
    });
    match wrong.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(wrong) => Err(wrong),
        None => Ok(files
            .into_iter()
            .map(|file| file.into_inner().unwrap_or_else(PoisonError::into_inner))
            .collect()),
    }
}
