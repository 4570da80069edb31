//! Bringing a copy back.

use std::path::{Path, PathBuf};

use holdfast_domain::Environment;
use holdfast_domain::id::IncarnationId;
use sqlx::Connection;

use super::archive::Archive;
use super::manifest::Manifest;
use super::{BackupError, files, sqlite};
use crate::MasterKey;
use crate::database::Dialect;

/// What SQLite may have beside a database's file.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// What is to be brought back, and where.
#[derive(Debug)]
pub struct BringBack<'a> {
    /// The copy.
    pub file: &'a Path,
    /// Where it becomes the database.
    pub database_url: &'a str,
    /// The key that is there.
    pub master_key: Option<&'a MasterKey>,
    /// Whether a database that is there may be put aside.
    pub replace: bool,
}

/// What was brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BroughtBack {
    /// When the copy was made.
    pub created_at: i64,
    /// The life that the database begins.
    pub incarnation: IncarnationId,
    /// Where the database is that was there before.
    pub before: Option<PathBuf>,
}

/// Makes a copy the database, as another life of it (SYNC-6): whoever has more than the copy gives it. It is
/// put in place whole and with that life already begun.
///
/// # Errors
/// [`BackupError`], in words for the operator; the database that was there still is then, perhaps under the
/// name it was put aside with.
pub async fn bring_back(
    what: BringBack<'_>,
    environment: &dyn Environment,
) -> Result<BroughtBack, BackupError> {
    let database = sqlite::file(what.database_url)?;
    let mut archive = Archive::open(what.file)?;
    let manifest = archive.manifest.clone();
    accept(&manifest, &what)?;
    if !what.replace && any_there(&database) {
        return Err(BackupError::DatabaseExists(database));
    }
    let mut part = files::beside(&database)?;
    archive.copy_database(part.as_file_mut())?;
    let incarnation = IncarnationId::generate(environment);
    begin(part.path(), &manifest, what.file, incarnation).await?;

    let before = match any_there(&database) {
        true => Some(put_aside(&database, environment.now_ms()).await?),
        false => None,
    };
    files::put(part, &database)?;
    Ok(BroughtBack { created_at: manifest.created_at, incarnation, before })
}

/// Whether this program can read it with the key that is there.
fn accept(manifest: &Manifest, what: &BringBack<'_>) -> Result<(), BackupError> {
    if manifest.migration > Dialect::Sqlite.newest_migration() {
        let program = manifest.program.clone();
        return Err(BackupError::Newer { file: what.file.to_owned(), program });
    }
    let wanted = manifest.master_key.clone();
    match what.master_key.map(MasterKey::id) {
        Some(given) if given == wanted => Ok(()),
        Some(given) => Err(BackupError::WrongMasterKey { wanted, given }),
        None => Err(BackupError::NoMasterKey { wanted }),
    }
}

/// Begins another life in the file that will be the database.
async fn begin(
    part: &Path,
    manifest: &Manifest,
    file: &Path,
    incarnation: IncarnationId,
) -> Result<(), BackupError> {
    let broken = BackupError::database(part);
    let mut connection = sqlite::connect(part).await?;
    sqlite::check(&mut connection, part).await?;
    let (life, master_key, migration) = sqlite::describe(&mut connection, part).await?;
    let said = (&manifest.incarnation, &manifest.master_key, manifest.migration);
    if (&life, &master_key, migration) != said {
        return Err(BackupError::damaged(file, "manifest.json, which is of another database,"));
    }
    sqlx::query("UPDATE meta SET value = $1 WHERE name = 'incarnation'")
        .bind(incarnation.to_string())
        .execute(&mut connection)
        .await
        .map_err(&broken)?;
    connection.close().await.map_err(&broken)
}

/// A log without its database counts too: SQLite would read it into another one.
fn any_there(database: &Path) -> bool {
    BESIDE.iter().any(|end| files::with_end(database, end).symlink_metadata().is_ok())
}

/// Gives the database that is there, with what SQLite has beside it, a name that says when.
async fn put_aside(database: &Path, now_ms: i64) -> Result<PathBuf, BackupError> {
    sqlite::unused(database).await?;
    let aside = files::with_end(database, &format!(".replaced-{now_ms}"));
    if any_there(&aside) {
        return Err(BackupError::Exists(aside));
    }
    for end in BESIDE {
        let (from, to) = (files::with_end(database, end), files::with_end(&aside, end));
        if from.symlink_metadata().is_ok() {
            std::fs::rename(&from, to).map_err(BackupError::file(&from))?;
        }
    }
    files::sync_folder(database)?;
    Ok(aside)
}
