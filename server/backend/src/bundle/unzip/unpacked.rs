//! One file of a zip file, unpacked as it is read.

use std::io::{BufReader, Read, Take};

use flate2::bufread::DeflateDecoder;
use holdfast_domain::bundle::Flaw;
use holdfast_domain::{Error, Result};
use sha2::{Digest, Sha256};

use super::{Entry, STORED, unreadable};
use crate::hex;

/// A file as it was before it was packed, with its SHA-256.
pub(in crate::bundle) struct Unpacked<R: Read> {
    source: Source<R>,
    left: u64,
    crc: u32,
    crc_so_far: crc32fast::Hasher,
    hash: Sha256,
}

enum Source<R: Read> {
    Stored(Take<BufReader<R>>),
    Deflated(Box<DeflateDecoder<Take<BufReader<R>>>>),
}

impl<R: Read> Unpacked<R> {
    /// `reader` is at its first byte.
    pub(super) fn new(reader: R, entry: &Entry) -> Self {
        let packed = BufReader::new(reader).take(entry.packed);
        let source = match entry.method {
            STORED => Source::Stored(packed),
            _ => Source::Deflated(Box::new(DeflateDecoder::new(packed))),
        };
        Self {
            source,
            left: entry.bytes,
            crc: entry.crc,
            crc_so_far: crc32fast::Hasher::new(),
            hash: Sha256::new(),
        }
    }

    /// All of it.
    pub(in crate::bundle) fn bytes(mut self) -> Result<(Vec<u8>, String)> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes).map_err(|cause| unreadable(&cause))?;
        Ok((bytes, self.finish()?))
    }

    /// Reads what is left, checks that it is as long as the directory says and has its checksum, and gives the
    /// SHA-256 as hexadecimal digits.
    pub(in crate::bundle) fn finish(mut self) -> Result<String> {
        std::io::copy(&mut self, &mut std::io::sink()).map_err(|cause| unreadable(&cause))?;
        let mut more = [0];
        let over = self.source.read(&mut more).map_err(|cause| unreadable(&cause))? > 0;
        if self.left > 0 || over || self.crc_so_far.finalize() != self.crc {
            return Err(Error::BadImport { reason: Flaw::Checksum });
        }
        Ok(hex::encode(&self.hash.finalize()))
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..room).filter(|buffer| !buffer.is_empty()) else {
            return Ok(0);
        };
        let read = self.source.read(buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        self.left -= bytes.len() as u64;
        self.crc_so_far.update(bytes);
        self.hash.update(bytes);
        Ok(read)
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Stored(source) => source.read(buffer),
            Self::Deflated(source) => source.read(buffer),
        }
    }
}
