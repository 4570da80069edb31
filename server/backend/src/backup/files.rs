//! Files that appear whole or not at all, and sums of what goes through.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::BackupError;
use crate::hex;

/// Read at a time.
const BLOCK: usize = 1 << 16;

/// A file beside `file`, readable by its owner only, gone unless it is put in place.
pub(super) fn beside(file: &Path) -> Result<NamedTempFile, BackupError> {
    let folder = folder(file);
    tempfile::Builder::new()
        .prefix(".holdfast-")
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(BackupError::file(folder))
}

/// Gives a finished file its name, on the disk too. Where something has that name it stays, and it is
/// [`BackupError::Exists`].
pub(super) fn put(part: NamedTempFile, file: &Path) -> Result<(), BackupError> {
    part.as_file().sync_all().map_err(BackupError::file(part.path()))?;
    part.persist_noclobber(file).map_err(|refused| match refused.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
        _ => BackupError::file(file)(refused.error),
    })?;
    sync_folder(file)
}

/// What was renamed in a file's folder stays so.
pub(super) fn sync_folder(file: &Path) -> Result<(), BackupError> {
    let folder = folder(file);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file(folder))
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The same path with something at its end.
pub(super) fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Size and SHA-256 of what was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) size: u64,
    pub(super) sha256: String,
}

/// Copies all of it in small portions.
pub(super) fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<Sum> {
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    let mut block = vec![0; BLOCK];
    loop {
        let read = match from.read(&mut block) {
            Ok(0) => return Ok(Sum { size, sha256: hex::encode(&hash.finalize()) }),
            Ok(read) => block.get(..read).unwrap_or_default(),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) => return Err(cause),
        };
        hash.update(read);
        to.write_all(read)?;
        size = size.saturating_add(u64::try_from(read.len()).unwrap_or(u64::MAX));
    }
}
