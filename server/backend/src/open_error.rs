//! Why a backend does not open.

use std::io;

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
    /// What is in it cannot be read.
    #[error("the database could not be read: {0}")]
    Unreadable(String),
}
