//! Finding out what there is: folder by folder, each one's files before the folders in it, by name. So the place in the
//! walk is the folder that was done last.

use std::cmp::Ordering;
use std::io;
use std::sync::Arc;

use holdfast_domain::job::{FileEntry, Phase, Progress, ScanParams, Unit};
use holdfast_domain::location::FolderListing;

use super::{Counted, Cursor, FILES, MANIFEST, Portion, unreachable};
use crate::blocking::on_thread;
use crate::jobs::parts::Part;
use crate::jobs::run::Run;
use crate::jobs::work::Fault;
use crate::locations::{Folder, joined};

/// Walks on after a folder; what was counted in the end.
pub(super) async fn walk(
    run: &Run,
    folder: &Arc<Folder>,
    params: &ScanParams,
    mut counted: Counted,
    mut after: Option<String>,
) -> Result<Counted, Fault> {
    let begun = after.clone();
    let mut found = Portion::new();
    let mut to_do = vec![String::new()];
    while let Some(path) = to_do.pop() {
        let done = begun.as_deref().is_some_and(|after| in_walk(&path, after) != Ordering::Greater);
        let listed = match list(folder, &params.path, &path).await? {
            Ok(listed) => listed,
            // The folder itself that is to be walked.
            Err(cause) if path.is_empty() => return Err(missing(params, &cause)),
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
            save(run, &mut counted, after.clone(), &mut found).await?;
        }
    }
    save(run, &mut counted, after, &mut found).await?;
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

fn missing(params: &ScanParams, cause: &io::Error) -> Fault {
    match cause.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Fault::never("folder_not_found", "There is no such folder in this location.")
        }
        io::ErrorKind::PermissionDenied => {
            Fault::never("permission_denied", "The server may not read this folder.")
        }
        _ => unreachable(&params.location),
    }
}

fn count(counted: &mut Counted, listed: &FolderListing) {
    counted.files += listed.files.len() as u64;
    counted.folders += u64::from(!listed.files.is_empty());
    counted.bytes += listed.files.iter().map(|file| file.bytes).sum::<u64>();
    counted.unreadable += listed.unreadable;
    counted.skipped += listed.skipped;
}

/// Saves what was found, in portions, with the place in the walk.
async fn save(
    run: &Run,
    counted: &mut Counted,
    after: Option<String>,
    found: &mut Portion,
) -> Result<(), Fault> {
    let mut parts = Vec::new();
    for some in found.chunks(FILES) {
        parts.push(Part::new(MANIFEST, counted.parts, &some)?);
        counted.parts += 1;
    }
    found.clear();
    let progress = Progress {
        phase: Phase::Listing,
        unit: Unit::Files,
        done: counted.files,
        files: counted.files,
        ..Progress::default()
    };
    run.save(&Cursor::Walking { counted: *counted, after }, progress, parts).await
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
