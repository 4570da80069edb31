//! A look at a database before it is opened: nothing is made, nothing is changed.

use holdfast_domain::Result;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions};

use super::{Dialect, failure};
use crate::OpenError;

/// A connection to a database that has our tables; `None`: there is none, or it is empty.
pub(crate) async fn looked_at(url: &str) -> Result<Option<AnyConnection>, OpenError> {
    sqlx::any::install_default_drivers();
    let dialect = Dialect::of(url).ok_or(OpenError::DatabaseAddress)?;
    if !dialect.may_be_there(url) {
        return Ok(None);
    }
    let options: AnyConnectOptions = url.parse().map_err(OpenError::Database)?;
    let options = options.disable_statement_logging();
    let mut connection = options.connect().await.map_err(OpenError::Database)?;
    let there = has_table(&mut connection, "meta").await;
    let there = there.map_err(|error| OpenError::Unreadable(error.to_string()))?;
    Ok(there.then_some(connection))
}

/// Whether there is a table of this name.
pub(crate) async fn has_table(connection: &mut AnyConnection, name: &str) -> Result<bool> {
    let sql = Dialect::connected(connection).table();
    let row = sqlx::query(sql).bind(name).fetch_optional(connection).await.map_err(failure)?;
    Ok(row.is_some())
}
