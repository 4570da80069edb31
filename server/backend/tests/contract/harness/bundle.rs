//! A bundle taken apart, changed and put together again.

use std::io::{Cursor, Read, Write};

use holdfast_backend::{Backend, Visitor};
use holdfast_domain::Result;
use holdfast_domain::bundle::{BundledFile, MANIFEST, Manifest};
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionSummary;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Device;

/// Its files by name.
#[derive(Clone)]
pub(crate) struct Bundle {
    pub(crate) manifest: Manifest,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) method: CompressionMethod,
}

impl Bundle {
    /// What a device's session is exported as.
    pub(crate) async fn of(backend: &Backend, device: &Device) -> Self {
        let export = backend.export(&device.visitor, device.session, Cursor::new(Vec::new()));
        let export = export.await.unwrap();
        let bundle = Self::read(export.writer.into_inner());
        assert_eq!(bundle.manifest, export.manifest);
        bundle
    }

    /// As any zip tool reads it.
    pub(crate) fn read(bytes: Vec<u8>) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut files = Vec::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            files.push((file.name().unwrap().into_owned(), bytes));
        }
        let (name, manifest) = files.pop().unwrap();
        assert_eq!(name, MANIFEST);
        let manifest = serde_json::from_slice(&manifest).unwrap();
        Self { manifest, files, method: CompressionMethod::Deflated }
    }

    pub(crate) fn file(&self, name: &str) -> &[u8] {
        &self.files.iter().find(|file| file.0 == name).unwrap().1
    }

    pub(crate) fn with(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.files.iter_mut().find(|file| file.0 == name).unwrap().1 = bytes;
        self
    }

    pub(crate) fn and(mut self, name: &str, bytes: &[u8]) -> Self {
        self.files.push((name.into(), bytes.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.files.retain(|file| file.0 != name);
        self
    }

    pub(crate) fn but(mut self, change: impl FnOnce(&mut Manifest)) -> Self {
        change(&mut self.manifest);
        self
    }

    /// The manifest with the files as they are.
    pub(crate) fn listed(mut self) -> Self {
        let list = |(name, bytes): &(String, Vec<u8>)| BundledFile {
            name: name.clone(),
            bytes: bytes.len() as u64,
            sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        self.manifest.files = self.files.iter().map(list).collect();
        self
    }

    /// The file, with what the manifest says.
    pub(crate) fn pack(&self) -> Vec<u8> {
        self.pack_with(serde_json::to_value(&self.manifest).unwrap())
    }

    /// The file, with another manifest.
    pub(crate) fn pack_with(&self, manifest: Value) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(self.method);
        let manifest = (MANIFEST.to_owned(), manifest.to_string().into_bytes());
        for (name, bytes) in self.files.iter().chain([&manifest]) {
            zip.start_file(name.as_str(), options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// The file with all that its manifest should say.
    pub(crate) fn sealed(self) -> Vec<u8> {
        self.listed().pack()
    }
}

/// A row of a history.
pub(crate) fn row(at: i64, author: u32, updates: &[&[u8]]) -> Vec<u8> {
    let number = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
    let mut bytes = Vec::from(at.to_le_bytes());
    bytes.extend(author.to_le_bytes());
    bytes.push(0);
    bytes.extend(number(updates.len()));
    for update in updates {
        bytes.extend(number(update.len()));
        bytes.extend_from_slice(update);
    }
    bytes
}

/// Imports a file that is in memory.
pub(crate) async fn import(
    backend: &Backend,
    visitor: &Visitor,
    bytes: Vec<u8>,
    id: SessionId,
) -> Result<SessionSummary> {
    backend.import(visitor, Cursor::new(bytes), id).await
}
