//! The manifest, and whether the files are those that it names.

use std::collections::HashSet;
use std::io::{Read, Seek};

use holdfast_domain::bundle::{
    AUTHORS, CONTEXT, CONTEXT_JSON, FORMAT, Flaw, HISTORY, MANIFEST, Manifest, ROWS, SNAPSHOTS,
    VERSION, is_file_name,
};
use holdfast_domain::{Error, Result};
use serde::Deserialize;

use super::bad;
use crate::bundle::unzip::Archive;

/// What is read before anything else: a later version may have another manifest.
#[derive(Deserialize)]
struct Kind {
    format: String,
    version: u32,
}

/// Reads it, if it is of a version that is known here.
pub(super) fn read_manifest<R: Read + Seek>(archive: &mut Archive<R>) -> Result<Manifest> {
    let (bytes, _) = archive.file(MANIFEST)?.bytes()?;
    let kind: Kind = serde_json::from_slice(&bytes).map_err(|_| bad(Flaw::Manifest))?;
    if kind.format != FORMAT || kind.version == 0 {
        return Err(bad(Flaw::Manifest));
    }
    if kind.version > VERSION {
        let version = |number| u16::try_from(number).unwrap_or(u16::MAX);
        let (got, supported) = (version(kind.version), version(VERSION));
        return Err(Error::UnsupportedVersion { got, supported });
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|_| bad(Flaw::Manifest))?;
    let counts = manifest.rows <= ROWS && (1..=AUTHORS).contains(&manifest.authors);
    if counts { Ok(manifest) } else { Err(bad(Flaw::Manifest)) }
}

/// The files are those that the manifest names, each once; some of them always.
pub(super) fn check_files<R: Read + Seek>(archive: &Archive<R>, manifest: &Manifest) -> Result<()> {
    let mut listed = HashSet::from([MANIFEST]);
    for file in &manifest.files {
        let there = archive.size(&file.name) == Some(file.bytes);
        if !is_file_name(&file.name) || !there || !listed.insert(file.name.as_str()) {
            return Err(bad(Flaw::Files));
        }
    }
    let always = [CONTEXT_JSON, CONTEXT, HISTORY, SNAPSHOTS];
    let complete = always.iter().all(|name| listed.contains(name));
    if complete && archive.names().all(|name| listed.contains(name)) {
        Ok(())
    } else {
        Err(bad(Flaw::Files))
    }
}
