//! The database: one writer and several readers on one SQL text for SQLite and Postgres.

mod dialect;
mod failure;
mod write;

use std::time::Duration;

use holdfast_domain::Result;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, ConnectOptions, Executor};

use crate::{OpenError, Settings};
pub(crate) use dialect::Dialect;
pub(crate) use failure::failure;
pub(crate) use write::Write;

/// How long a call waits for a connection; then it is `Unavailable`.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Both pools. SQLite has one writing connection, so that writers queue here and not on its lock.
pub(crate) struct Database {
    pub(crate) dialect: Dialect,
    writers: AnyPool,
    readers: AnyPool,
}

impl Database {
    /// Connects, and brings the tables up to date.
    pub(crate) async fn open(url: &str, settings: &Settings) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of(url).ok_or(OpenError::DatabaseAddress)?;
        let options: AnyConnectOptions =
            dialect.address(url).parse().map_err(OpenError::Database)?;
        // The log is ours: what the driver would say has no session and may have the address.
        let options = options.disable_statement_logging();
        let pool = |connections: u32, prepare: String| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE)
                .test_before_acquire(dialect.remote())
                .after_connect(move |connection, _| {
                    let prepare = sqlx::raw_sql(sqlx::AssertSqlSafe(prepare.clone()));
                    Box::pin(async move { connection.execute(prepare).await.map(|_| ()) })
                })
        };
        let writers = pool(dialect.writers(), dialect.prepare(settings))
            .connect_with(options.clone())
            .await
            .map_err(OpenError::Database)?;
        dialect.migrations().run(&writers).await.map_err(OpenError::Migration)?;
        let readers = pool(dialect.readers(), dialect.prepare(settings)).connect_lazy_with(options);
        Ok(Self { dialect, writers, readers })
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Any>> {
        self.readers.acquire().await.map_err(failure)
    }

    /// Begins a transaction that writes.
    pub(crate) async fn write(&self) -> Result<Write> {
        let connection = self.writers.acquire().await.map_err(failure)?;
        Write::begin(connection, self.dialect).await
    }

    /// Lets go of every connection.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}
