//! What becomes of each file: found out, and stored, for a portion before any of it is done. So what is there afterwards
//! can be told from what was there before, whatever is killed when.

use std::collections::BTreeSet;
use std::io;

use holdfast_domain::job::{ConflictPolicy, CopyEntry, CopyOutcome, FileEntry};
use serde::{Deserialize, Serialize};

use super::wrong::Wrong;
use crate::locations::{Folder, joined};

/// Other names that are tried.
const NAMES: u32 = 10_000;

/// A portion of the files, and the folders that are made for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::jobs) struct Copies {
    pub(in crate::jobs) entries: Vec<CopyEntry>,
    /// From the folder that is copied to, those above first.
    pub(in crate::jobs) folders: Vec<String>,
}

/// Decides for a portion. Blocks.
pub(super) fn plan(
    to: &Folder,
    base: &str,
    files: Vec<FileEntry>,
    conflict: ConflictPolicy,
) -> Result<Copies, Wrong> {
    let mut entries = Vec::with_capacity(files.len());
    let (mut needed, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let mut entry = CopyEntry {
            path: file.path,
            target: None,
            bytes: file.bytes,
            modified_at_ms: file.modified_at_ms,
            hash: None,
            outcome: CopyOutcome::Copy,
            code: None,
        };
        decide(to, base, &mut entry, conflict, &mut taken)?;
        if entry.outcome.is_due() {
            let above = entry.target().match_indices('/').map(|(at, _)| at);
            needed.extend(above.filter_map(|at| entry.target().get(..at).map(String::from)));
        }
        entries.push(entry);
    }
    let mut folders = Vec::new();
    for folder in needed {
        if matches!(to.find(&joined(base, &folder)), Ok(None)) {
            folders.push(folder);
        }
    }
    Ok(Copies { entries, folders })
}

/// What becomes of one file, as its target is now.
pub(super) fn decide(
    to: &Folder,
    base: &str,
    entry: &mut CopyEntry,
    conflict: ConflictPolicy,
    taken: &mut BTreeSet<String>,
) -> Result<(), Wrong> {
    let found = match to.find(&joined(base, &entry.path)) {
        Ok(found) => found,
        Err(cause) => return failed(entry, &cause),
    };
    (entry.outcome, entry.target, entry.code) = match (found, conflict) {
        (None, _) => (CopyOutcome::Copy, None, None),
        (Some(found), _)
            if found.bytes == Some(entry.bytes) && found.modified_at_ms == entry.modified_at_ms =>
        {
            (CopyOutcome::Same, None, None)
        }
        (Some(_), ConflictPolicy::Skip) => (CopyOutcome::Skipped, None, None),
        (Some(found), ConflictPolicy::Overwrite) if found.bytes.is_some() => {
            (CopyOutcome::Overwrite, None, None)
        }
        (Some(_), ConflictPolicy::Overwrite) => {
            (CopyOutcome::Failed, None, Some("folder_in_the_way".into()))
        }
        (Some(_), ConflictPolicy::Rename) => match free_name(to, base, &entry.path, taken) {
            Ok(Some(name)) => (CopyOutcome::Rename, Some(name), None),
            Ok(None) => (CopyOutcome::Failed, None, Some("name_not_possible".into())),
            Err(cause) => return failed(entry, &cause),
        },
    };
    Ok(())
}

/// Where it is this file that went wrong.
fn failed(entry: &mut CopyEntry, cause: &io::Error) -> Result<(), Wrong> {
    match Wrong::target(cause) {
        Wrong::File(code) => {
            (entry.outcome, entry.code) = (CopyOutcome::Failed, Some(code.into()));
            Ok(())
        }
        wrong => Err(wrong),
    }
}

/// The first of `name (2).ext`, `name (3).ext`, … that nobody has.
fn free_name(
    to: &Folder,
    base: &str,
    path: &str,
    taken: &mut BTreeSet<String>,
) -> io::Result<Option<String>> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = match name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, extension)) => (stem, format!(".{extension}")),
        None => (name, String::new()),
    };
    for number in 2..NAMES {
        let name = joined(folder, &format!("{stem} ({number}){extension}"));
        if !taken.contains(&name) && to.find(&joined(base, &name))?.is_none() {
            taken.insert(name.clone());
            return Ok(Some(name));
        }
    }
    Ok(None)
}
