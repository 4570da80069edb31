//! A large file, piece by piece: each is read back and compared before the next one, so the work goes on within a file.

use std::io::{Seek, SeekFrom};

use cap_std::fs::File;
use holdfast_domain::job::CopyEntry;
use serde::{Deserialize, Serialize};

use super::content_hash::{ContentHash, PIECE};
use super::copier::{Copier, Version, note, verify, version};
use super::wrong::Wrong;
use crate::locations::joined;

/// How far a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Within {
    /// Its place in the portion.
    pub(super) number: usize,
    /// The lease of the work that wrote it.
    pub(super) lease: i64,
    /// The size of the file that is copied...
    bytes: u64,
    /// ...and when it changed last.
    modified_at_ms: i64,
    /// Of the pieces that are written and compared.
    hash: ContentHash,
}

impl Within {
    /// So much is written.
    pub(super) fn done(&self) -> u64 {
        self.hash.bytes()
    }
}

/// A file that is being copied.
pub(super) struct Large {
    source: File,
    copy: File,
    version: Version,
    within: Within,
}

impl Large {
    /// Goes on where it was, or begins. Blocks.
    pub(super) fn open(
        copier: &Copier,
        entry: &CopyEntry,
        lease: i64,
        number: usize,
        within: Option<Within>,
    ) -> Result<Self, Wrong> {
        let (mut source, version) = copier.open(entry)?;
        let path = joined(&copier.work, &number.to_string());
        let same = |within: &Within| {
            within.number == number
                && within.bytes == version.bytes
                && within.modified_at_ms == version.modified_at_ms
        };
        if let Some(within) = within.filter(same)
            && let Ok(copy) = copier.to.reopen(&path)
            && copy.metadata().is_ok_and(|copy| copy.len() >= within.done())
            && source.seek(SeekFrom::Start(within.done())).is_ok()
        {
            return Ok(Self { source, copy, version, within: Within { lease, ..within } });
        }
        let _ = copier.to.remove(&path);
        let copy = copier.to.create(&path).map_err(|cause| Wrong::target(&cause))?;
        let (bytes, modified_at_ms) = (version.bytes, version.modified_at_ms);
        let within = Within { number, lease, bytes, modified_at_ms, hash: ContentHash::default() };
        Ok(Self { source, copy, version, within })
    }

    /// Copies one piece more; whether that was the last one, and the file has its name. Blocks.
    pub(super) fn step(&mut self, copier: &Copier, entry: &mut CopyEntry) -> Result<bool, Wrong> {
        let wrong = |cause: &std::io::Error| Wrong::target(cause);
        let done = self.within.done();
        let mut hasher = self.within.hash.piece();
        self.copy.seek(SeekFrom::Start(done)).map_err(|cause| wrong(&cause))?;
        let bytes = copier.copy(&mut self.source, &mut self.copy, PIECE, &mut hasher)?;
        // Also where it ends with a hole.
        let length = self.copy.metadata().map_err(|cause| wrong(&cause))?.len();
        self.copy.set_len(length.max(done + bytes)).map_err(|cause| wrong(&cause))?;
        verify(&mut self.copy, (done, bytes), &hasher, self.within.hash.piece())?;
        if bytes == PIECE && done + bytes < self.version.bytes {
            self.within.hash.push(&hasher);
            return Ok(false);
        }
        if version(&self.source).ok() != Some(self.version) || done + bytes != self.version.bytes {
            return Err(Wrong::File("changed_while_copied"));
        }
        self.copy.set_len(done + bytes).map_err(|cause| wrong(&cause))?;
        self.copy.sync_all().map_err(|cause| wrong(&cause))?;
        let copy = self.copy.try_clone().map_err(|cause| wrong(&cause))?;
        copier.date(copy, self.version)?;
        note(entry, self.version, self.within.hash.clone().finish(&hasher));
        copier.place(&self.within.number.to_string(), entry)?;
        Ok(true)
    }

    /// Where it goes on from, and all before that is on the disk. Blocks.
    pub(super) fn within(&mut self) -> Result<Within, Wrong> {
        self.copy.sync_data().map_err(|cause| Wrong::target(&cause))?;
        Ok(self.within.clone())
    }

    pub(super) fn done(&self) -> u64 {
        self.within.done()
    }
}
