//! One database for one test; the server's HTTP tests use it too.

use std::path::PathBuf;
use std::sync::Arc;

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// Where it is, with a folder for whatever belongs to it.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) kind: Kind,
    pub(crate) folder: Arc<TempDir>,
    /// Where databases are made; empty for SQLite.
    server: String,
    pub(super) name: String,
}

impl Database {
    pub(crate) async fn create(kind: Kind) -> Self {
        let server = match kind {
            Kind::Sqlite => String::new(),
            Kind::Postgres => std::env::var("HOLDFAST_TEST_POSTGRES_URL").expect(
                "HOLDFAST_TEST_POSTGRES_URL is not set, so there is no Postgres to test on. \
                 Run `make test`, or `scripts/with-postgres.sh cargo nextest run`",
            ),
        };
        Self::create_on(kind, server).await
    }

    /// `server`: where it is made; empty for SQLite.
    pub(crate) async fn create_on(kind: Kind, server: String) -> Self {
        sqlx::any::install_default_drivers();
        let name = format!("holdfast_{}", SystemEnvironment.uuid().simple());
        let folder = Arc::new(TempDir::new().unwrap());
        let database = Self { kind, folder, server, name };
        if kind == Kind::Postgres {
            database.admin(format!("CREATE DATABASE {}", database.name)).await;
        }
        database
    }

    pub(crate) fn url(&self) -> String {
        match self.kind {
            Kind::Sqlite => format!("sqlite:{}", self.file().display()),
            Kind::Postgres => {
                let (server, _) = self.server.rsplit_once('/').unwrap();
                format!("{server}/{}", self.name)
            }
        }
    }

    /// That of SQLite.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join("holdfast.db")
    }

    /// A connection beside the backend's.
    pub(crate) async fn connect(&self) -> AnyConnection {
        AnyConnection::connect(&self.url()).await.unwrap()
    }

    /// Says something to the server itself; only Postgres has one.
    pub(super) async fn admin(&self, sql: String) {
        let mut connection = AnyConnection::connect(&self.server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Nobody needs it any more.
    pub(crate) async fn remove(&self) {
        if self.kind == Kind::Postgres {
            self.admin(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
        }
    }
}
