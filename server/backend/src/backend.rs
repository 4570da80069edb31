//! Opening and closing the whole.

use std::io;
use std::sync::Arc;

use holdfast_domain::id::IncarnationId;
use holdfast_domain::{Environment, Error, Result};

use crate::{MasterKey, Settings};

/// What a backend is opened with.
pub struct Options {
    /// `sqlite:PATH` (made where there is none) or `postgres://...`.
    pub database_url: String,
    /// See [`MasterKey::load_or_create`].
    pub master_key: MasterKey,
    /// The clock and the random bytes.
    pub environment: Arc<dyn Environment>,
    /// Periods and sizes.
    pub settings: Settings,
}

/// Why a backend did not open. Unlike [`Error`] this is for the operator and names causes.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be reached, opened or brought up to date.
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
         bring back the file of the first one, without it the content cannot be read"
    )]
    WrongMasterKey {
        /// Id of the key the database was made with.
        wanted: String,
        /// Id of the key that was given.
        given: String,
    },
    /// Something in it that we wrote ourselves cannot be read.
    #[error("the database does not look like one of Holdfast: {0}")]
    Unreadable(String),
}

/// Everything the server does, behind one handle that is cheap to clone.
#[derive(Clone)]
pub struct Backend {}

impl Backend {
    /// Opens the database, brings its tables up to date and starts the writer.
    ///
    /// # Errors
    /// [`OpenError`], in words for the operator.
    pub async fn open(_options: Options) -> Result<Self, OpenError> {
        Err(OpenError::DatabaseAddress)
    }

    /// Finishes the saves that wait, then lets go of the database. Later calls are `Unavailable`.
    pub async fn close(&self) {}

    /// Whether the database answers and the writer runs.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn healthy(&self) -> Result<()> {
        Err(Error::Unavailable)
    }

    /// This life of the database.
    pub fn incarnation(&self) -> IncarnationId {
        IncarnationId::from(uuid::Uuid::nil())
    }

    /// Begins another life of the database; to be called once after it was brought back from a
    /// backup, before anybody saves. Clients then send what the backup did not have.
    ///
    /// # Errors
    /// `Unavailable`, `StorageFull`.
    pub async fn new_incarnation(&self) -> Result<IncarnationId> {
        Err(Error::Unavailable)
    }

    /// How many stored parts were found damaged and set aside since the start.
    pub fn damaged_parts(&self) -> u64 {
        0
    }
}
