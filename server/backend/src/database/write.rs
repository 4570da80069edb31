//! A transaction that writes.

use std::sync::Arc;

use holdfast_domain::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};

use super::stop::Stop;
use super::{Dialect, failure};
use crate::events::{Doorbell, Topic};

/// Nothing of it is kept unless [`Write::commit`] answers `Ok`.
///
/// Not the driver's own transaction: after a full disk SQLite has already rolled back, the driver's
/// count of open transactions stays wrong and the connection is of no more use. Here a connection
/// that cannot roll back is closed.
pub(crate) struct Write {
    connection: Option<PoolConnection<Any>>,
    dialect: Dialect,
    stop: Arc<Stop>,
    doorbell: Arc<Doorbell>,
    rings: Vec<Topic>,
}

impl Write {
    pub(super) async fn begin(
        connection: PoolConnection<Any>,
        dialect: Dialect,
        stop: Arc<Stop>,
        doorbell: Arc<Doorbell>,
    ) -> Result<Self> {
        let (connection, rings) = (Some(connection), Vec::new());
        let mut write = Self { connection, dialect, stop, doorbell, rings };
        sqlx::raw_sql(dialect.begin()).execute(write.connection()?).await.map_err(failure)?;
        Ok(write)
    }

    /// Makes it durable. After an error it is not known whether it was: asking again must do no harm.
    pub(crate) async fn commit(mut self) -> Result<()> {
        let commit = self.dialect.commit();
        let done = sqlx::raw_sql(commit).execute(self.connection()?).await;
        done.inspect_err(|cause| self.stop.look(cause)).map_err(failure)?;
        // Given back to the pool by its own drop, rather than closed by ours.
        drop(self.connection.take());
        self.rings.iter().for_each(|topic| self.doorbell.ring(*topic));
        Ok(())
    }

    /// Wakes whoever watches this, once it is durable.
    pub(crate) fn ring(&mut self, topic: Topic) {
        self.rings.push(topic);
    }

    /// The connection inside the transaction.
    pub(crate) fn connection(&mut self) -> Result<&mut AnyConnection> {
        self.connection.as_deref_mut().ok_or(Error::Internal)
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(connection.detach());
            return;
        };
        runtime.spawn(async move {
            if sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.is_err() {
                drop(connection.detach());
            }
        });
    }
}
