//! Bringing the tables up to date without opening the rest.

use sqlx::AnyConnection;

use crate::database::Database;
use crate::{OpenError, Settings};

/// From which migration the tables came to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The last one before; `None` where there were no tables.
    pub from: Option<i64>,
    /// The last one now.
    pub to: Option<i64>,
}

/// Brings the tables up to date.
///
/// # Errors
/// [`OpenError`], in words for the operator.
pub async fn migrate(database_url: &str, settings: &Settings) -> Result<Migrated, OpenError> {
    let database = Database::connect(database_url, settings).await?;
    let from = of(&database).await;
    let done = database.migrate().await;
    let to = of(&database).await;
    database.close().await;
    done.map(|()| Migrated { from, to })
}

async fn of(database: &Database) -> Option<i64> {
    last(&mut *database.read().await.ok()?).await
}

/// The last migration that ran. Where nothing can be read there is none: bringing the tables up to date
/// says why.
pub(crate) async fn last(connection: &mut AnyConnection) -> Option<i64> {
    sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await
        .ok()
        .flatten()
}
