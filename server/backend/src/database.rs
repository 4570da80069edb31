//! The database: one writer and several readers on one SQL text for SQLite and Postgres.

mod dialect;
mod failure;
mod list;
mod look;
mod stop;
mod write;

use std::sync::Arc;
use std::time::Duration;

use holdfast_domain::{Error, Result};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, ConnectOptions, Executor};
use tokio::sync::OnceCell;

use crate::events::Doorbell;
use crate::{OpenError, Settings};
pub(crate) use dialect::Dialect;
pub(crate) use failure::failure;
pub(crate) use list::{any_of, placeholders};
pub(crate) use look::{has_table, looked_at};
use stop::Stop;
pub(crate) use write::Write;

/// How long a call waits for a connection; then it is `Unavailable`.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Both pools. SQLite has one writing connection, so that writers queue here and not on its lock.
pub(crate) struct Database {
    pub(crate) dialect: Dialect,
    writers: AnyPool,
    readers: AnyPool,
    stop: Arc<Stop>,
    settled: OnceCell<()>,
    /// Rung by what this process commits.
    pub(crate) doorbell: Arc<Doorbell>,
}

impl Database {
    /// Connects, and brings the tables up to date.
    pub(crate) async fn open(url: &str, settings: &Settings) -> Result<Self, OpenError> {
        let database = Self::connect(url, settings).await?;
        database.migrate().await?;
        // Where the disk is full it can be read all the same; the first write tries again.
        let _ = database.settle().await;
        Ok(database)
    }

    /// Connects.
    pub(crate) async fn connect(url: &str, settings: &Settings) -> Result<Self, OpenError> {
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
        let readers = pool(dialect.readers(), dialect.prepare(settings)).connect_lazy_with(options);
        let (stop, settled, doorbell) = (Arc::default(), OnceCell::new(), Arc::default());
        Ok(Self { dialect, writers, readers, stop, settled, doorbell })
    }

    /// Brings the tables up to date.
    pub(crate) async fn migrate(&self) -> Result<(), OpenError> {
        self.dialect.migrations().run(&self.writers).await.map_err(OpenError::Migration)
    }

    /// Brings to the disk what a server that was killed has left, once, before anything is written. It may
    /// be in the system's memory only, and a save that is sent again is acknowledged because it is there.
    async fn settle(&self) -> Result<()> {
        let settle = || async {
            let Some(sql) = self.dialect.settle() else { return Ok(()) };
            let mut connection = self.writers.acquire().await.map_err(failure)?;
            sqlx::raw_sql(sql).execute(&mut *connection).await.map_err(failure)?;
            Ok(())
        };
        self.settled.get_or_try_init(settle).await.copied()
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Any>> {
        self.readers.acquire().await.map_err(failure)
    }

    /// Begins a transaction that writes. `Unavailable` once a commit was not kept by the disk.
    pub(crate) async fn write(&self) -> Result<Write> {
        if !self.writes() {
            return Err(Error::Unavailable);
        }
        self.settle().await?;
        let connection = self.writers.acquire().await.map_err(failure)?;
        let (stop, doorbell) = (self.stop.clone(), self.doorbell.clone());
        Write::begin(connection, self.dialect, stop, doorbell).await
    }

    /// Whether transactions that write are begun.
    pub(crate) fn writes(&self) -> bool {
        !self.stop.stopped()
    }

    /// Lets go of every connection.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}
