//! What has to fit before a database is used: its master key, its life, the keys for purposes.

use holdfast_domain::id::IncarnationId;
use holdfast_domain::{Environment, Error};
use sqlx::AnyConnection;

use super::{Backend, kept, meta};
use crate::column::column;
use crate::database::{Database, failure, looked_at};
use crate::keyring::{Keyring, MASTER_KEY, Purposes, WRAPPING_KEY};
use crate::{MasterKey, OpenError};

impl Backend {
    /// Which master key a database wants, before it is opened with one; `None`: there is nothing in it yet.
    /// Nothing is written, and a file that is not there is not made.
    ///
    /// # Errors
    /// [`OpenError::Database`], [`OpenError::DatabaseAddress`], [`OpenError::Unreadable`].
    pub async fn wanted_master_key(database_url: &str) -> Result<Option<String>, OpenError> {
        match looked_at(database_url).await? {
            Some(mut connection) => wanted(&mut connection).await.map_err(unreadable),
            None => Ok(None),
        }
    }
}

/// Refuses another master key than the database's, before its tables are brought up to date.
pub(super) async fn check(database_url: &str, master_key: &MasterKey) -> Result<(), OpenError> {
    let Some(mut connection) = looked_at(database_url).await? else { return Ok(()) };
    let given = master_key.id();
    match wanted(&mut connection).await.map_err(unreadable)? {
        Some(wanted) if wanted != given => Err(refusal(&mut connection, wanted, given).await),
        _ => Ok(()),
    }
}

/// Checks the master key against the database, or makes the database this key's, and reads or begins its life.
pub(super) async fn settle(
    database: &Database,
    keyring: &Keyring,
    master_key: &MasterKey,
    environment: &dyn Environment,
) -> Result<(IncarnationId, Purposes), OpenError> {
    let given = master_key.id();
    // Nothing is written where all is there: a full disk can be read.
    let mut connection = database.read().await.map_err(unreadable)?;
    let key = meta(&mut connection, MASTER_KEY).await.map_err(unreadable)?;
    let wrapping = meta(&mut connection, WRAPPING_KEY).await.map_err(unreadable)?;
    let incarnation = meta(&mut connection, "incarnation").await.map_err(unreadable)?;
    let incarnation = match incarnation {
        Some(incarnation) if wrapping.is_some() && key.as_ref() == Some(&given) => incarnation,
        _ => begin(database, keyring, master_key, environment).await?,
    };
    let purposes = Purposes::read(keyring, &mut connection).await;
    let purposes = purposes.map_err(|(id, error)| match error {
        Error::Damaged => OpenError::DamagedKey { id },
        error => unreadable(error),
    })?;
    Ok((incarnation.parse().map_err(unreadable)?, purposes))
}

/// Makes the database this key's; its life.
async fn begin(
    database: &Database,
    keyring: &Keyring,
    master_key: &MasterKey,
    environment: &dyn Environment,
) -> Result<String, OpenError> {
    let given = master_key.id();
    let mut write = database.write().await.map_err(unreadable)?;
    let connection = write.connection().map_err(unreadable)?;
    // Another first start on the same database may have been quicker: what it wrote counts.
    let (wanted, _) = kept(connection, MASTER_KEY, &given).await.map_err(unreadable)?;
    if wanted != given {
        return Err(refusal(connection, wanted, given).await);
    }
    let new = IncarnationId::generate(environment).to_string();
    let (incarnation, _) = kept(connection, "incarnation", &new).await.map_err(unreadable)?;
    let (_, first) = kept(connection, WRAPPING_KEY, &given).await.map_err(unreadable)?;
    if first {
        Purposes::store(keyring, connection, master_key).await.map_err(unreadable)?;
    }
    write.commit().await.map_err(unreadable)?;
    Ok(incarnation)
}

/// The key that the database says, or else one that something in it is wrapped by.
async fn wanted(connection: &mut AnyConnection) -> holdfast_domain::Result<Option<String>> {
    if let Some(wanted) = meta(connection, MASTER_KEY).await? {
        return Ok(Some(wanted));
    }
    let row = sqlx::query("SELECT master FROM keys LIMIT 1").fetch_optional(connection).await;
    row.map_err(failure)?.map(|row| column(&row, "master")).transpose()
}

/// Why this key is not the one, as far as the database knows.
async fn refusal(connection: &mut AnyConnection, wanted: String, given: String) -> OpenError {
    match met(connection, "previous", &given).await {
        Ok(true) => return OpenError::MovedMasterKey { wanted, given },
        Ok(false) => {}
        Err(error) => return unreadable(error),
    }
    match met(connection, "master", &given).await {
        // One of a finished change was left later, or is wanted.
        Ok(true) => OpenError::UnfinishedRotation { wanted, given },
        Ok(false) => OpenError::WrongMasterKey { wanted, given },
        Err(error) => unreadable(error),
    }
}

/// Whether the key was met in a change, in that column.
async fn met(
    connection: &mut AnyConnection,
    column: &str,
    id: &str,
) -> holdfast_domain::Result<bool> {
    if !crate::database::has_table(connection, "rotations").await? {
        return Ok(false);
    }
    let sql = format!("SELECT master FROM rotations WHERE {column} = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(connection).await;
    Ok(row.map_err(failure)?.is_some())
}

fn unreadable(error: impl Into<Error>) -> OpenError {
    OpenError::Unreadable(error.into().to_string())
}
