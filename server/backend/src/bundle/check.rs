//! Reading a bundle to the end before anything of it is written.

mod manifest;
mod past;

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek};

use holdfast_domain::bundle::{
    BundledSnapshot, CONTEXT, Flaw, Manifest, SNAPSHOT_COUNT, SNAPSHOTS,
};
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::{Relation, scan};
use holdfast_domain::session::check_name;
use holdfast_domain::{Context, Error, Result};

use super::replay::Replay;
use super::unzip::Archive;
use crate::snapshots::PastSnapshot;
use manifest::{check_files, read_manifest};
use past::Past;

/// How far another server's clock may be ahead.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1000;

/// A bundle in which everything is right. Its history is to be read again.
pub(super) struct Checked<R> {
    pub(super) archive: Archive<R>,
    pub(super) manifest: Manifest,
    pub(super) name: String,
    pub(super) snapshots: Vec<PastSnapshot>,
    /// The CRDT client ids of all that is in it.
    pub(super) clients: Vec<u64>,
    /// What the context has and the history has not: parts of that were damaged.
    pub(super) rest: Option<Vec<u8>>,
}

/// Reads all of it. `now`: no time may be after it; `client_id`: any.
///
/// # Errors
/// `BadImport`, `UnsupportedVersion`, `LimitExceeded`, `InvalidValue` (a name), `Malformed` and `Schema` (an update),
/// `Unavailable`.
pub(super) fn check<R: Read + Seek>(reader: R, now: i64, client_id: u64) -> Result<Checked<R>> {
    let mut archive = Archive::open(reader)?;
    let manifest = read_manifest(&mut archive)?;
    check_files(&archive, &manifest)?;
    let session = &manifest.session;
    for at in [
        manifest.exported_at_ms,
        session.created_at_ms,
        session.updated_at_ms,
        session.active_at_ms,
    ] {
        check_time(at, now)?;
    }
    let name = check_name(&session.name)?;
    for file in &manifest.files {
        // Of these two this is done where they are read, as they are read once.
        if ![CONTEXT, SNAPSHOTS].contains(&file.name.as_str()) {
            check_sum(&manifest, &file.name, &archive.file(&file.name)?.finish()?)?;
        }
    }
    let context = read(&mut archive, &manifest, CONTEXT)?;
    let whole = scan(&context, CONTEXT_BYTES)?;
    let mut snapshots = read_snapshots(&mut archive, &manifest, now)?;
    let mut past = Past { replay: Replay::new(client_id), sizes: BTreeMap::new() };
    past.sizes.extend(snapshots.iter().map(|snapshot| (snapshot.seq, 0)));
    past.read(&mut archive, &manifest, &whole, now)?;
    for snapshot in &mut snapshots {
        snapshot.size = past.sizes.get(&snapshot.seq).copied().unwrap_or(0);
    }
    let rest = match past.replay.coverage.relation(&whole) {
        Relation::Known => None,
        Relation::Adds => {
            past.replay.add(&whole, context.clone())?;
            Some(context.clone())
        }
        Relation::MissingDependency => return Err(bad(Flaw::Context)),
    };
    let clients = past.replay.clients.iter().copied().collect();
    let mut alone = Context::new(client_id);
    alone.apply(&context)?;
    if past.replay.json()? != alone.to_json() {
        return Err(bad(Flaw::Context));
    }
    Ok(Checked { archive, manifest, name, snapshots, clients, rest })
}

/// A whole file that is as the manifest says.
fn read<R: Read + Seek>(
    archive: &mut Archive<R>,
    manifest: &Manifest,
    name: &str,
) -> Result<Vec<u8>> {
    let (bytes, sum) = archive.file(name)?.bytes()?;
    check_sum(manifest, name, &sum)?;
    Ok(bytes)
}

/// Whether the file has the SHA-256 that the manifest gives it.
pub(super) fn check_sum(manifest: &Manifest, name: &str, sum: &str) -> Result<()> {
    let file = manifest.files.iter().find(|file| file.name == name);
    if file.is_some_and(|file| file.sha256 == sum) { Ok(()) } else { Err(bad(Flaw::Checksum)) }
}

fn read_snapshots<R: Read + Seek>(
    archive: &mut Archive<R>,
    manifest: &Manifest,
    now: i64,
) -> Result<Vec<PastSnapshot>> {
    let bytes = read(archive, manifest, SNAPSHOTS)?;
    let snapshots: Vec<BundledSnapshot> =
        serde_json::from_slice(&bytes).map_err(|_| bad(Flaw::Snapshots))?;
    if snapshots.len() > SNAPSHOT_COUNT {
        return Err(Error::limit("snapshots", SNAPSHOT_COUNT, snapshots.len()));
    }
    let mut ids = HashSet::new();
    let mut past = Vec::with_capacity(snapshots.len());
    for snapshot in snapshots {
        let seq = i64::try_from(snapshot.row).map_err(|_| bad(Flaw::Snapshots))?;
        if snapshot.row > manifest.rows || !ids.insert(snapshot.id) {
            return Err(bad(Flaw::Snapshots));
        }
        check_time(snapshot.created_at_ms, now)?;
        past.push(PastSnapshot {
            id: snapshot.id,
            name: check_name(&snapshot.name)?,
            kind: snapshot.kind,
            pinned: snapshot.pinned,
            created_at: snapshot.created_at_ms,
            seq,
            size: 0,
        });
    }
    let counted = usize::try_from(manifest.snapshots) == Ok(past.len());
    if counted { Ok(past) } else { Err(bad(Flaw::Snapshots)) }
}

fn check_time(at: i64, now: i64) -> Result<()> {
    if (0..=now.saturating_add(AHEAD_MS)).contains(&at) { Ok(()) } else { Err(bad(Flaw::Time)) }
}

fn bad(reason: Flaw) -> Error {
    Error::BadImport { reason }
}
