//! Why a backend does not open.

use std::io;
use std::path::PathBuf;

/// For the operator: unlike [`holdfast_domain::Error`] it names causes.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be reached or opened.
    #[error("the database could not be opened: {0}")]
    Database(#[source] sqlx::Error),
    /// Its tables could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The address is of no known kind.
    #[error("a database address starts with sqlite: or postgres:")]
    DatabaseAddress,
    /// The key's file could not be read or written.
    #[error("the file of the master key could not be read or written: {0}")]
    MasterKeyFile(#[source] io::Error),
    /// The key is not what it should be.
    #[error("a master key has 64 hexadecimal digits")]
    MasterKeyForm,
    /// The database was encrypted with another key. Nothing was changed.
    #[error(
        "this database is encrypted with the master key {wanted}, but the key given is {given}; \
         bring back the first one, without it the content cannot be read"
    )]
    WrongMasterKey {
        /// Id of the key the database was made with.
        wanted: String,
        /// Id of the key that was given.
        given: String,
    },
    /// The file of the key is not there, and the database has content. No other key was made.
    #[error(
        "the file of the master key, {}, is missing, and this database is encrypted with the master key \
         {wanted}: bring the file back from its copy, without it the content cannot be read",
        file.display()
    )]
    LostMasterKey {
        /// Id of the key that the database wants.
        wanted: String,
        /// Where it should be.
        file: PathBuf,
    },
    /// The database left this key. Nothing was changed.
    #[error(
        "the database was moved to the master key {wanted}, and the key given is the one before, {given}: \
         put the new key in its place"
    )]
    MovedMasterKey {
        /// Id of the key the database is encrypted with now.
        wanted: String,
        /// Id of the key that was given.
        given: String,
    },
    /// The key is one that the database is still to be moved to. Nothing was changed.
    #[error(
        "the database is being moved to the master key {given}, and until that is done it is opened with \
         the one before, {wanted}: run `holdfast rotate-keys` again with that one to the end"
    )]
    UnfinishedRotation {
        /// Id of the key that opens the database now.
        wanted: String,
        /// Id of the key that was given.
        given: String,
    },
    /// Two keys were given.
    #[error(
        "the environment gives the master key {environment}, and the file {} has another one, {in_file}: \
         take one of them away",
        file.display()
    )]
    TwoMasterKeys {
        /// Id of the one in the environment.
        environment: String,
        /// Id of the one in the file.
        in_file: String,
        /// The file.
        file: PathBuf,
    },
    /// A key that everything needs is damaged.
    #[error(
        "the row {id} of the table keys and its double are damaged or gone: bring the database back \
         from a copy"
    )]
    DamagedKey {
        /// Its row in `keys`; it has another one.
        id: &'static str,
    },
    /// What is in it cannot be read.
    #[error("the database could not be read: {0}")]
    Unreadable(String),
}
