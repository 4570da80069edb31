//! The file of a copy: written, and read with every byte of it compared.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::BackupError;
use super::files::{Sum, copy};
use super::manifest::{Entry, FORMAT, KIND, Manifest};

/// The entry with the database.
const DATABASE: &str = "holdfast.db";
const MANIFEST: &str = "manifest.json";
/// Digits of the sum at the end.
const SEAL: usize = 64;
const COMMENT: &str = "holdfast backup; SHA-256 of all bytes before these 64 digits: ";
/// More is no manifest of ours.
const MANIFEST_BYTES: u64 = 1 << 16;

/// Writes a database, read from its beginning, and what there is to say of it.
pub(super) fn write(
    out: &mut File,
    database: &mut impl Read,
    manifest: Manifest,
) -> io::Result<Manifest> {
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(BufWriter::new(&mut *out));
    zip.start_file(DATABASE, plain.large_file(true))?;
    let Sum { size, sha256 } = copy(database, &mut zip)?;
    let files = vec![Entry { name: DATABASE.into(), size, sha256 }];
    let manifest = Manifest { files, ..manifest };
    zip.start_file(MANIFEST, plain)?;
    zip.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
    zip.set_comment(format!("{COMMENT}{}", "0".repeat(SEAL)))?;
    zip.finish()?.flush()?;
    let (sum, _) = seal(out)?;
    out.seek(SeekFrom::End(-64))?;
    out.write_all(sum.as_bytes())?;
    Ok(manifest)
}

/// The sum of everything before the last digits, and what stands there.
fn seal(file: &mut File) -> io::Result<(String, Vec<u8>)> {
    let digits = u64::try_from(SEAL).unwrap_or(u64::MAX);
    let before = file.metadata()?.len().saturating_sub(digits);
    file.rewind()?;
    let sum = copy(&mut BufReader::new((&mut *file).take(before)), &mut io::sink())?;
    file.seek(SeekFrom::Start(before))?;
    let mut there = Vec::new();
    file.take(digits).read_to_end(&mut there)?;
    Ok((sum.sha256, there))
}

/// A copy whose every byte is what was written.
#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
    pub(super) manifest: Manifest,
}

impl Archive {
    /// Reads all of it.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let mut file = File::open(path).map_err(BackupError::file(path))?;
        let (sum, there) = seal(&mut file).map_err(BackupError::file(path))?;
        // Also where the sum differs: the entry that is damaged can be named then.
        let mut zip = ZipArchive::new(BufReader::new(file))
            .map_err(|_| BackupError::NoBackup(path.to_owned()))?;
        let mut names: Vec<_> = zip.file_names_raw().collect();
        names.sort_unstable();
        if names != [DATABASE.as_bytes(), MANIFEST.as_bytes()] {
            return Err(BackupError::NoBackup(path.to_owned()));
        }
        let manifest = manifest(&mut zip, path)?;
        let mut archive = Self { path: path.to_owned(), zip, manifest };
        archive.copy_database(&mut io::sink())?;
        match sum.as_bytes() == there {
            true => Ok(archive),
            false => Err(BackupError::damaged(path, "what is around its entries")),
        }
    }

    /// Copies the database, and compares it with the manifest.
    pub(super) fn copy_database(&mut self, to: &mut impl Write) -> Result<(), BackupError> {
        let damaged = || BackupError::damaged(&self.path, DATABASE);
        let wanted = self.manifest.files.iter().find(|entry| entry.name == DATABASE);
        let Entry { size, sha256, .. } = wanted.cloned().ok_or_else(damaged)?;
        let mut entry = self.zip.by_name(DATABASE).map_err(|_| damaged())?;
        let mut written = Written { to, refused: None };
        let sum = copy(&mut entry, &mut written);
        if let Some(cause) = written.refused {
            return Err(BackupError::file(&self.path)(cause));
        }
        match sum {
            Ok(sum) if sum == (Sum { size, sha256 }) => Ok(()),
            _ => Err(damaged()),
        }
    }
}

fn manifest(zip: &mut ZipArchive<BufReader<File>>, path: &Path) -> Result<Manifest, BackupError> {
    let damaged = || BackupError::damaged(path, MANIFEST);
    let entry = zip.by_name(MANIFEST).map_err(|_| damaged())?;
    let mut text = Vec::new();
    entry.take(MANIFEST_BYTES).read_to_end(&mut text).map_err(|_| damaged())?;
    // A later format may have other fields: what is asked of it first is who made it.
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(|_| damaged())?;
    let format = value.get("format").and_then(serde_json::Value::as_u64).ok_or_else(damaged)?;
    if format > u64::from(FORMAT) {
        let program = value.get("program").and_then(|program| program.as_str());
        let program = program.unwrap_or("of an unknown version").to_owned();
        return Err(BackupError::Newer { file: path.to_owned(), program });
    }
    let manifest: Manifest = serde_json::from_value(value).map_err(|_| damaged())?;
    match manifest.kind.as_str() {
        KIND => Ok(manifest),
        _ => Err(damaged()),
    }
}

/// Tells a disk that takes nothing from a copy that cannot be read.
struct Written<'a, W> {
    to: &'a mut W,
    refused: Option<io::Error>,
}

impl<W: Write> Write for Written<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes).map_err(|cause| {
            let kind = cause.kind();
            self.refused = Some(cause);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
