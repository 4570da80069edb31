//! Writing a bundle: files one after the other, each with its size and SHA-256, the manifest at the end.

use std::io::{ErrorKind, Seek, Write};

use holdfast_domain::bundle::{BundledFile, MANIFEST, Manifest, RATIO_FREE_BYTES};
use holdfast_domain::{Error, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::hex;

/// From this size on a file is written in the form for large ones...
const LARGE_BYTES: u64 = 4_000_000_000;
/// ...and from this on it is not packed: it could become so small that no import would believe it.
const PACKED_BYTES: u64 = RATIO_FREE_BYTES / 2;

/// A bundle that is being written.
pub(super) struct Pack<W: Write + Seek> {
    zip: ZipWriter<W>,
    files: Vec<BundledFile>,
    open: Option<(BundledFile, Sha256)>,
}

impl<W: Write + Seek> Pack<W> {
    pub(super) fn new(writer: W) -> Self {
        Self { zip: ZipWriter::new(writer), files: Vec::new(), open: None }
    }

    /// Begins a file of at most about `bytes`.
    pub(super) fn start(&mut self, name: &str, bytes: u64) -> Result<()> {
        self.end();
        self.begin(name, bytes)?;
        let file = BundledFile { name: name.into(), bytes: 0, sha256: String::new() };
        self.open = Some((file, Sha256::new()));
        Ok(())
    }

    /// Writes more of the file that was begun last.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some((file, hash)) = &mut self.open {
            hash.update(bytes);
            file.bytes += bytes.len() as u64;
        }
        self.zip.write_all(bytes).map_err(|cause| unwritten(&cause))
    }

    /// A whole file.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.start(name, bytes.len() as u64)?;
        self.write(bytes)
    }

    /// A whole file of JSON.
    pub(super) fn put_json(&mut self, name: &str, value: &impl Serialize) -> Result<()> {
        self.put(name, &json(value)?)
    }

    /// Writes the manifest, which names all files, and ends the bundle.
    pub(super) fn finish(mut self, manifest: Manifest) -> Result<(W, Manifest)> {
        self.end();
        let manifest = Manifest { files: std::mem::take(&mut self.files), ..manifest };
        let bytes = json(&manifest)?;
        self.begin(MANIFEST, bytes.len() as u64)?;
        self.write(&bytes)?;
        let writer = self.zip.finish().map_err(|cause| unwritten(&cause.into()))?;
        Ok((writer, manifest))
    }

    fn begin(&mut self, name: &str, bytes: u64) -> Result<()> {
        let packed = bytes < PACKED_BYTES;
        let method = if packed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .large_file(bytes >= LARGE_BYTES);
        self.zip.start_file(name, options).map_err(|cause| unwritten(&cause.into()))
    }

    fn end(&mut self) {
        if let Some((file, hash)) = self.open.take() {
            let sha256 = hex::encode(&hash.finalize());
            self.files.push(BundledFile { sha256, ..file });
        }
    }
}

/// JSON that a person can read, too.
fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(value).map_err(|_| Error::Internal)
}

fn unwritten(cause: &std::io::Error) -> Error {
    tracing::error!(kind = ?cause.kind(), "an export could not be written");
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            Error::StorageFull
        }
        _ => Error::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use holdfast_domain::bundle::{HISTORY, limit_of};

    use super::*;
    use crate::bundle::unzip::Archive;

    /// What a file of as many bytes, of which a tenth is written, comes to in the bundle.
    fn packed(bytes: u64) -> Vec<u8> {
        let mut pack = Pack::new(Cursor::new(Vec::new()));
        pack.start(HISTORY, bytes).unwrap();
        pack.write(&vec![b'a'; usize::try_from(bytes / 10).unwrap()]).unwrap();
        pack.end();
        pack.zip.finish().unwrap().into_inner()
    }

    #[test]
    fn sess_3_what_is_large_is_never_packed_so_small_that_no_import_takes_it() {
        let small = packed(PACKED_BYTES - 1);
        assert!(small.len() < 100_000, "{}", small.len());
        let large = packed(PACKED_BYTES);
        assert!(large.len() > 2_500_000, "{}", large.len());
        for (bundle, bytes) in [(small, PACKED_BYTES - 1), (large, PACKED_BYTES)] {
            let mut archive = Archive::open(Cursor::new(bundle)).unwrap();
            assert_eq!(archive.size(HISTORY), Some(bytes / 10));
            let (unpacked, _) = archive.file(HISTORY).unwrap().bytes().unwrap();
            assert!(unpacked.iter().all(|byte| *byte == b'a'));
        }
        assert!(PACKED_BYTES < RATIO_FREE_BYTES && RATIO_FREE_BYTES < limit_of(HISTORY));
    }
}
