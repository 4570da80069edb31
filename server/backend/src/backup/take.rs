//! Making a copy, also while the database is served.

use std::path::Path;

use holdfast_domain::Environment;
use sqlx::Connection;

use super::archive::{self, Archive};
use super::manifest::{FORMAT, KIND, Manifest};
use super::{BackupError, files, sqlite};

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Bytes of the file.
    pub bytes: u64,
    /// Id of the master key without which it is worth nothing.
    pub master_key: String,
}

/// Copies the database into a file that is not there yet. What was committed before is in it, and nothing of a
/// transaction that was not. The file appears when it has been read back and is on the disk.
///
/// # Errors
/// [`BackupError`], in words for the operator; there is no file then.
pub async fn back_up(
    database_url: &str,
    environment: &dyn Environment,
    file: &Path,
) -> Result<BackedUp, BackupError> {
    let database = sqlite::file(database_url)?;
    if file.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let mut copy = files::beside(file)?;
    let created_at = environment.now_ms();
    vacuum(&database, copy.path()).await?;
    let mut connection = sqlite::connect(copy.path()).await?;
    sqlite::check(&mut connection, copy.path()).await?;
    let (incarnation, master_key, migration) =
        sqlite::describe(&mut connection, copy.path()).await?;
    connection.close().await.map_err(BackupError::database(copy.path()))?;

    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        created_at,
        kind: KIND.into(),
        incarnation,
        migration,
        master_key,
        files: Vec::new(),
    };
    let mut part = files::beside(file)?;
    let written = archive::write(part.as_file_mut(), copy.as_file_mut(), manifest);
    let manifest = written.map_err(BackupError::file(part.path()))?;
    part.as_file().sync_all().map_err(BackupError::file(part.path()))?;
    let read = Archive::open(part.path())?;
    if read.manifest != manifest {
        return Err(BackupError::damaged(part.path(), "what was just written"));
    }
    let bytes = part.as_file().metadata().map_err(BackupError::file(part.path()))?.len();
    files::put(part, file)?;
    Ok(BackedUp { bytes, master_key: manifest.master_key })
}

/// A copy without what was deleted: SQLite leaves it in the file until the room is used again.
async fn vacuum(database: &Path, copy: &Path) -> Result<(), BackupError> {
    let mut connection = sqlite::connect(database).await?;
    let name = copy.to_str().ok_or_else(|| BackupError::NoDatabase(copy.to_owned()))?;
    let done = sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await;
    let closed = connection.close().await;
    done.map(|_| ()).and(closed).map_err(BackupError::database(database))
}
