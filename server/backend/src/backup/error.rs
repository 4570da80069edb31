//! Why a copy is not made or not brought back.

use std::io;
use std::path::{Path, PathBuf};

use crate::OpenError;

/// For the operator: names files and causes.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database is not a file of ours.
    #[error(
        "copies by Holdfast are of SQLite databases; copy one on Postgres with pg_dump or its \
         point-in-time recovery, and say holdfast new-incarnation after bringing it back"
    )]
    NotSqlite,
    /// There is no database.
    #[error("there is no database {}", .0.display())]
    NoDatabase(PathBuf),
    /// Nothing is written over.
    #[error("{} is there already; nothing was written", .0.display())]
    Exists(PathBuf),
    /// A file or folder cannot be used.
    #[error("{}: {cause}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// SQLite refused.
    #[error("the database {}: {cause}", file.display())]
    Database {
        /// Which.
        file: PathBuf,
        /// Why.
        cause: sqlx::Error,
    },
    /// SQLite found it damaged.
    #[error("the database {} is damaged: {found}", file.display())]
    Unsound {
        /// Which.
        file: PathBuf,
        /// The first that was found.
        found: String,
    },
    /// It is something else, or its end is missing.
    #[error("{} is no backup of Holdfast, or its end is missing", .0.display())]
    NoBackup(PathBuf),
    /// It is not what was written.
    #[error("{}: {part} is damaged; nothing was changed", file.display())]
    Damaged {
        /// The copy.
        file: PathBuf,
        /// The entry, or what is around the entries.
        part: String,
    },
    /// A newer program made it.
    #[error("{} was made by Holdfast {program}, which is newer than this program", file.display())]
    Newer {
        /// The copy.
        file: PathBuf,
        /// The version that made it.
        program: String,
    },
    /// There is no key to read it with.
    #[error("there is no master key. Bring back the key {wanted} first")]
    NoMasterKey {
        /// Id of the key that the copy needs.
        wanted: String,
    },
    /// There is another key.
    #[error("{}", OpenError::WrongMasterKey { wanted: wanted.clone(), given: given.clone() })]
    WrongMasterKey {
        /// Id of the key that the copy needs.
        wanted: String,
        /// Id of the key that is there.
        given: String,
    },
    /// There is a database, and nobody said that it may be replaced.
    #[error(
        "there is a database {} already; with --replace it is kept under another name",
        .0.display()
    )]
    DatabaseExists(PathBuf),
    /// Somebody has it open.
    #[error("the database {} is in use: stop the server first", .0.display())]
    InUse(PathBuf),
}

impl BackupError {
    /// What went wrong with a file.
    pub(super) fn file(file: &Path) -> impl Fn(io::Error) -> Self {
        let file = file.to_owned();
        move |cause| Self::File { file: file.clone(), cause }
    }

    /// What went wrong with a database.
    pub(super) fn database(file: &Path) -> impl Fn(sqlx::Error) -> Self {
        let file = file.to_owned();
        move |cause| Self::Database { file: file.clone(), cause }
    }

    /// A part of a copy that is not what was written.
    pub(super) fn damaged(file: &Path, part: &str) -> Self {
        Self::Damaged { file: file.to_owned(), part: part.to_owned() }
    }
}
