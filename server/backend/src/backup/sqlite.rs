//! SQLite's files: opened as they are, nothing made and nothing migrated.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::BackupError;
use crate::database::Dialect;

/// How long somebody else's lock is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// The file of a database address.
pub(crate) fn file(url: &str) -> Result<PathBuf, BackupError> {
    if Dialect::of(url) != Some(Dialect::Sqlite) {
        return Err(BackupError::NotSqlite);
    }
    let options = SqliteConnectOptions::from_str(url);
    let options = options.map_err(BackupError::database(Path::new(url)))?;
    Ok(options.get_filename().to_owned())
}

/// Opens a database that is there.
pub(crate) async fn connect(file: &Path) -> Result<SqliteConnection, BackupError> {
    if !file.is_file() {
        return Err(BackupError::NoDatabase(file.to_owned()));
    }
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(PATIENCE);
    options.disable_statement_logging().connect().await.map_err(BackupError::database(file))
}

/// Everything that SQLite can find out about a database's soundness.
pub(crate) async fn check(
    connection: &mut SqliteConnection,
    file: &Path,
) -> Result<(), BackupError> {
    let broken = BackupError::database(file);
    let unsound = |found| Err(BackupError::Unsound { file: file.to_owned(), found });
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut *connection)
        .await
        .map_err(&broken)?;
    if found != "ok" {
        return unsound(found);
    }
    let dangling: Option<String> =
        sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
            .fetch_optional(connection)
            .await
            .map_err(&broken)?;
    match dangling {
        Some(table) => unsound(format!("a row of {table} names one that is not there")),
        None => Ok(()),
    }
}

/// What a database says about itself: its life, its key, its last migration.
pub(super) async fn describe(
    connection: &mut SqliteConnection,
    file: &Path,
) -> Result<(String, String, i64), BackupError> {
    sqlx::query_as(
        "SELECT life.value, key.value, (SELECT MAX(version) FROM _sqlx_migrations WHERE success) \
         FROM meta life, meta key WHERE life.name = 'incarnation' AND key.name = 'master_key'",
    )
    .fetch_one(connection)
    .await
    .map_err(BackupError::database(file))
}

/// Whether nobody else has it open. One that SQLite cannot read is nobody's.
pub(super) async fn unused(file: &Path) -> Result<(), BackupError> {
    let Ok(mut connection) = connect(file).await else { return Ok(()) };
    // Every open connection to a database with a log holds a lock on its file; this takes the last one,
    // and closing brings the log into the file.
    let alone = sqlx::raw_sql(
        "PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT",
    )
    .execute(&mut connection)
    .await;
    let _ = connection.close().await;
    match alone {
        Err(sqlx::Error::Database(cause)) if cause.message().contains("locked") => {
            Err(BackupError::InUse(file.to_owned()))
        }
        _ => Ok(()),
    }
}
