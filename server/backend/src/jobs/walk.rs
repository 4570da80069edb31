//! Finding out what there is: folder by folder, each one's files before the folders in it, by name. So the place in the
//! walk is the folder that was done last.

use std::cmp::Ordering;
use std::io;
use std::sync::Arc;

use holdfast_domain::job::{FileEntry, Phase, Progress, Unit};
use holdfast_domain::location::{FolderListing, Place};
use serde::{Deserialize, Serialize};

use super::parts::Part;
use super::run::Run;
use super::work::Fault;
use crate::blocking::on_thread;
use crate::locations::{Folder, joined};

/// The portions of what was found.
pub(super) const MANIFEST: &str = "manifest";
/// Files in one.
const FILES: usize = 1_000;

/// A portion of the manifest.
pub(super) type Portion = Vec<FileEntry>;

/// What was counted so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    pub(super) files: u64,
    pub(super) folders: u64,
    pub(super) bytes: u64,
    pub(super) unreadable: u64,
    pub(super) skipped: u64,
    /// Portions that are written.
    pub(super) parts: i64,
}

/// Where a walk goes on from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Walking {
    pub(super) counted: Counted,
    /// After this folder, in the order of the walk.
    pub(super) after: Option<String>,
}

/// Walks on; what was counted in the end. `cursor` is what the job keeps of it.
pub(super) async fn walk<C: Serialize + Sync>(
    run: &Run,
    folder: &Arc<Folder>,
    place: &Place,
    Walking { mut counted, mut after }: Walking,
    cursor: impl Fn(Walking) -> C,
) -> Result<Counted, Fault> {
    let begun = after.clone();
    let mut found = Portion::new();
    let mut to_do = vec![String::new()];
    while let Some(path) = to_do.pop() {
        let done = begun.as_deref().is_some_and(|after| in_walk(&path, after) != Ordering::Greater);
        let listed = match list(folder, &place.path, &path).await? {
            Ok(listed) => listed,
            // The folder itself that is to be walked.
            Err(cause) if path.is_empty() => return Err(missing(place, &cause)),
            Err(_) => {
                counted.unreadable += u64::from(!done);
                continue;
            }
        };
        let inside = listed.folders.iter().rev().map(|name| joined(&path, name));
        to_do.extend(inside.filter(|inside| {
            begun.as_deref().is_none_or(|after| {
                in_walk(inside, after) == Ordering::Greater || is_in(after, inside)
            })
        }));
        if done {
            continue;
        }
        count(&mut counted, &listed);
        found.extend(listed.files.into_iter().map(|file| FileEntry {
            path: joined(&path, &file.name),
            bytes: file.bytes,
            modified_at_ms: file.modified_at_ms,
            hash: None,
        }));
        after = Some(path);
        if run.is_due() {
            let parts = portions(&mut counted, &mut found)?;
            save(run, counted, parts, &cursor(Walking { counted, after: after.clone() })).await?;
        }
    }
    let parts = portions(&mut counted, &mut found)?;
    save(run, counted, parts, &cursor(Walking { counted, after })).await?;
    Ok(counted)
}

async fn list(
    folder: &Arc<Folder>,
    base: &str,
    path: &str,
) -> Result<io::Result<FolderListing>, Fault> {
    let whole = match (base, path) {
        (base, "") => base.to_owned(),
        (base, path) => joined(base, path),
    };
    let folder = folder.clone();
    Ok(on_thread(move || folder.list(&whole)).await?)
}

fn missing(place: &Place, cause: &io::Error) -> Fault {
    match cause.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Fault::never("folder_not_found", "There is no such folder in this location.")
        }
        io::ErrorKind::PermissionDenied => {
            Fault::never("permission_denied", "The server may not read this folder.")
        }
        _ => unreachable(&place.location),
    }
}

fn count(counted: &mut Counted, listed: &FolderListing) {
    counted.files += listed.files.len() as u64;
    counted.folders += u64::from(!listed.files.is_empty());
    counted.bytes += listed.files.iter().map(|file| file.bytes).sum::<u64>();
    counted.unreadable += listed.unreadable;
    counted.skipped += listed.skipped;
}

/// What was found, in portions.
fn portions(counted: &mut Counted, found: &mut Portion) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    for some in found.chunks(FILES) {
        parts.push(Part::new(MANIFEST, counted.parts, &some)?);
        counted.parts += 1;
    }
    found.clear();
    Ok(parts)
}

async fn save(
    run: &Run,
    counted: Counted,
    parts: Vec<Part>,
    cursor: &(impl Serialize + Sync),
) -> Result<(), Fault> {
    let progress = Progress {
        phase: Phase::Listing,
        unit: Unit::Files,
        done: counted.files,
        files: counted.files,
        ..Progress::default()
    };
    run.save(cursor, progress, parts).await
}

/// Reads a portion again.
pub(super) async fn portion(run: &Run, part: i64) -> Result<Portion, Fault> {
    run.part(MANIFEST, part).await?.ok_or_else(|| Fault::from(holdfast_domain::Error::Damaged))
}

/// It may come back: a disk that is not mounted, a network that is gone.
pub(super) fn unreachable(location: &str) -> Fault {
    Fault::again("location_unavailable", format!("The location {location} cannot be reached now."))
}

/// Which of two folders the walk comes to first.
fn in_walk(one: &str, other: &str) -> Ordering {
    let names = |path: &str| {
        path.split('/').filter(|name| !name.is_empty()).map(String::from).collect::<Vec<_>>()
    };
    names(one).cmp(&names(other))
}

/// Whether a folder is in another one.
fn is_in(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/')) || outer.is_empty()
}
