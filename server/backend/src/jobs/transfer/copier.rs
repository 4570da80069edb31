//! Copying one file: to a name that nobody looks at, read back and compared, and then given its own name. All of it blocks.

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use blake3::Hasher;
use cap_std::fs::File;
use holdfast_domain::job::{ConflictPolicy, CopyEntry, CopyOutcome};

use super::content_hash::PIECE;
use super::plan::decide;
use super::wrong::Wrong;
use crate::locations::{Folder, joined};

/// Read and written at once.
const BUFFER: usize = 1 << 20;

/// Bytes that are zero are left out together: holes stay holes.
const HOLE: usize = 64 << 10;

/// Where files come from, where they go to.
pub(super) struct Copier {
    pub(super) from: Arc<Folder>,
    pub(super) to: Arc<Folder>,
    /// The folder in `from`.
    pub(super) source: String,
    /// The folder in `to`.
    pub(super) target: String,
    /// The folder, in `to`, of what is not yet whole.
    pub(super) work: String,
    pub(super) conflict: ConflictPolicy,
    /// Nobody waits for it any more.
    pub(super) stopping: Arc<AtomicBool>,
}

/// What a file is, to see whether it changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) bytes: u64,
    pub(super) modified_at_ms: i64,
}

impl Copier {
    /// The file as it is now.
    pub(super) fn open(&self, entry: &CopyEntry) -> Result<(File, Version), Wrong> {
        let path = joined(&self.source, &entry.path);
        let file = self.from.read(&path).map_err(|cause| Wrong::source(&cause))?;
        let version = version(&file).map_err(|cause| Wrong::source(&cause))?;
        Ok((file, version))
    }

    /// Copies a whole file to a working name. What is known of it is in the entry then.
    pub(super) fn write(&self, name: &str, entry: &mut CopyEntry) -> Result<(), Wrong> {
        for _ in 0..2 {
            let (mut source, before) = self.open(entry)?;
            let path = joined(&self.work, name);
            let _ = self.to.remove(&path);
            let mut copy = self.to.create(&path).map_err(|cause| Wrong::target(&cause))?;
            let mut hasher = Hasher::new();
            let bytes = self.copy(&mut source, &mut copy, u64::MAX, &mut hasher)?;
            copy.set_len(bytes).map_err(|cause| Wrong::target(&cause))?;
            verify(&mut copy, (0, bytes), &hasher, Hasher::new())?;
            if version(&source).ok() == Some(before) && bytes == before.bytes {
                self.date(copy, before)?;
                note(entry, before, hasher.finalize());
                return Ok(());
            }
        }
        Err(Wrong::File("changed_while_copied"))
    }

    /// Copies from where both files are, `most` bytes or to the end; how many.
    pub(super) fn copy(
        &self,
        source: &mut File,
        copy: &mut File,
        most: u64,
        hasher: &mut Hasher,
    ) -> Result<u64, Wrong> {
        let (mut copied, mut buffer) = (0, vec![0; BUFFER]);
        while copied < most {
            if self.stopping.load(Ordering::Relaxed) {
                return Err(Wrong::Stopped);
            }
            let room = usize::try_from(most - copied).unwrap_or(BUFFER).min(BUFFER);
            let window = buffer.get_mut(..room).unwrap_or_default();
            let read = source.read(window).map_err(|cause| Wrong::source(&cause))?;
            let some = window.get(..read).unwrap_or_default();
            if some.is_empty() {
                break;
            }
            hasher.update(some);
            for some in some.chunks(HOLE) {
                write_some(copy, some).map_err(|cause| Wrong::target(&cause))?;
            }
            copied += read as u64;
        }
        Ok(copied)
    }

    /// Gives the copy the time of its source.
    pub(super) fn date(&self, copy: File, of: Version) -> Result<(), Wrong> {
        let ms = std::time::Duration::from_millis(of.modified_at_ms.unsigned_abs());
        let epoch = std::time::SystemTime::UNIX_EPOCH;
        let time =
            if of.modified_at_ms < 0 { epoch.checked_sub(ms) } else { epoch.checked_add(ms) };
        let time = time.unwrap_or(epoch);
        copy.into_std().set_modified(time).map_err(|cause| Wrong::target(&cause))
    }

    /// Gives a whole copy, at a working name, its own name.
    pub(super) fn place(&self, name: &str, entry: &mut CopyEntry) -> Result<(), Wrong> {
        let from = joined(&self.work, name);
        let wrong = |cause: &std::io::Error| Wrong::target(cause);
        loop {
            let to = joined(&self.target, entry.target());
            if let Some((folder, _)) = to.rsplit_once('/') {
                self.to.make(folder).map_err(|cause| wrong(&cause))?;
            }
            let placed = match entry.outcome {
                CopyOutcome::Overwrite => self.to.replace(&from, &to),
                _ => self.to.put(&from, &to),
            };
            match placed {
                Ok(()) => {
                    entry.outcome = entry.outcome.done();
                    return Ok(());
                }
                Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(wrong(&cause)),
            }
            // Somebody else was there in the meantime.
            let mut taken = BTreeSet::new();
            decide(&self.to, &self.target, entry, self.conflict, &mut taken)?;
            if !entry.outcome.is_due() {
                let _ = self.to.remove(&from);
                return Ok(());
            }
        }
    }

    /// Whether what was to be done was done, by a server that is gone: the copy is there, and is its source.
    pub(super) fn was_done(&self, entry: &mut CopyEntry) -> Result<bool, Wrong> {
        let target = joined(&self.target, entry.target());
        let found = self.to.find(&target).map_err(|cause| Wrong::target(&cause))?;
        let (mut source, now) = self.open(entry)?;
        let as_source = |found: crate::locations::Found| {
            found.bytes == Some(now.bytes) && found.modified_at_ms == now.modified_at_ms
        };
        if !found.is_some_and(as_source) {
            return Ok(false);
        }
        let mut copy = self.to.read(&target).map_err(|cause| Wrong::target(&cause))?;
        let one = hash(&mut source, &self.stopping)?;
        if one != hash(&mut copy, &self.stopping)? {
            return Ok(false);
        }
        entry.outcome = entry.outcome.done();
        note(entry, now, one);
        Ok(true)
    }
}

/// Of all that is in a file.
fn hash(file: &mut File, stopping: &AtomicBool) -> Result<blake3::Hash, Wrong> {
    let mut hasher = Hasher::new();
    loop {
        if stopping.load(Ordering::Relaxed) {
            return Err(Wrong::Stopped);
        }
        let before = hasher.count();
        let some = Read::take(&mut *file, PIECE);
        hasher.update_reader(some).map_err(|cause| Wrong::source(&cause))?;
        if hasher.count() == before {
            return Ok(hasher.finalize());
        }
    }
}

/// The hash of a file as it is written in entries; `None`: there is no file. Blocks.
pub(in crate::jobs) fn hash_of(
    folder: &Folder,
    path: &str,
    stopping: &AtomicBool,
) -> Result<Option<String>, Wrong> {
    if folder.find(path).map_err(|cause| Wrong::source(&cause))?.is_none() {
        return Ok(None);
    }
    let mut file = folder.read(path).map_err(|cause| Wrong::source(&cause))?;
    Ok(Some(hash(&mut file, stopping)?.to_hex().to_string()))
}

/// What is known of a file that was copied.
pub(super) fn note(entry: &mut CopyEntry, version: Version, hash: blake3::Hash) {
    entry.bytes = version.bytes;
    entry.modified_at_ms = version.modified_at_ms;
    entry.hash = Some(hash.to_hex().to_string());
}

/// Reads back what was written, and compares.
pub(super) fn verify(
    copy: &mut File,
    (begin, bytes): (u64, u64),
    written: &Hasher,
    mut hasher: Hasher,
) -> Result<(), Wrong> {
    let read = copy
        .seek(SeekFrom::Start(begin))
        .and_then(|_| hasher.update_reader(Read::take(&mut *copy, bytes)).map(|_| ()));
    let same = |hasher: &Hasher| {
        use blake3::hazmat::HasherExt;
        hasher.count() == 0 || hasher.finalize_non_root() == written.finalize_non_root()
    };
    read.map_err(|cause| Wrong::target(&cause))?;
    match hasher.count() == bytes && same(&hasher) {
        true => Ok(()),
        // The disk, or who else writes there.
        false => Err(Wrong::File("not_as_written")),
    }
}

pub(super) fn version(file: &File) -> std::io::Result<Version> {
    let metadata = file.metadata()?;
    let modified_at_ms = crate::locations::since_epoch_ms(metadata.modified()?.into_std());
    Ok(Version { bytes: metadata.len(), modified_at_ms })
}

fn write_some(copy: &mut File, some: &[u8]) -> std::io::Result<()> {
    if some.len() == HOLE && some.iter().all(|byte| *byte == 0) {
        let step = i64::try_from(some.len()).unwrap_or_default();
        return copy.seek(SeekFrom::Current(step)).map(|_| ());
    }
    copy.write_all(some)
}
