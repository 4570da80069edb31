//! A database for one test.

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// Where it is, and a folder for the rest of a server's data.
pub(crate) struct Database {
    pub(crate) folder: TempDir,
    kind: Kind,
    server: String,
    name: String,
}

impl Database {
    pub(crate) async fn create(kind: Kind) -> Self {
        sqlx::any::install_default_drivers();
        let server = match kind {
            Kind::Sqlite => String::new(),
            Kind::Postgres => std::env::var("HOLDFAST_TEST_POSTGRES_URL").expect(
                "HOLDFAST_TEST_POSTGRES_URL is not set, so there is no Postgres to test on. \
                 Run `make test`, or `scripts/with-postgres.sh cargo nextest run`",
            ),
        };
        let name = format!("holdfast_{}", SystemEnvironment.uuid().simple());
        let database = Self { folder: TempDir::new().unwrap(), kind, server, name };
        database.on_server("CREATE DATABASE").await;
        database
    }

    pub(crate) fn url(&self) -> String {
        match self.kind {
            Kind::Sqlite => {
                format!("sqlite:{}", self.folder.path().join("holdfast.db").display())
            }
            Kind::Postgres => {
                let (server, _) = self.server.rsplit_once('/').unwrap();
                format!("{server}/{}", self.name)
            }
        }
    }

    /// How many rows a table has, past the server.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        let mut connection = AnyConnection::connect(&self.url()).await.unwrap();
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }

    /// Nobody needs it any more.
    pub(crate) async fn remove(self) {
        self.on_server("DROP DATABASE IF EXISTS").await;
    }

    async fn on_server(&self, statement: &str) {
        if self.kind == Kind::Sqlite {
            return;
        }
        let mut connection = AnyConnection::connect(&self.server).await.unwrap();
        let force = if statement.starts_with("DROP") { " WITH (FORCE)" } else { "" };
        let sql = AssertSqlSafe(format!("{statement} {}{force}", self.name));
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}
