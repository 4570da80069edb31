//! One database for one test.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// Where it is.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) kind: Kind,
    pub(crate) folder: Arc<TempDir>,
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
        let folder = Arc::new(TempDir::new().unwrap());
        let database = Self { kind, folder, server, name };
        database.on_server("CREATE DATABASE").await;
        database
    }

    pub(crate) fn url(&self) -> String {
        match self.kind {
            Kind::Sqlite => format!("sqlite:{}", self.file().display()),
            Kind::Postgres => self.url_of(&self.name),
        }
    }

    fn url_of(&self, name: &str) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{name}")
    }

    fn file(&self) -> PathBuf {
        self.beside("")
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        self.folder.path().join(format!("holdfast.db{suffix}"))
    }

    /// A connection beside the backend's.
    pub(crate) async fn connect(&self) -> AnyConnection {
        AnyConnection::connect(&self.url()).await.unwrap()
    }

    async fn on_server(&self, statement: &str) {
        if self.kind == Kind::Postgres {
            self.admin(format!("{statement} {}", self.name)).await;
        }
    }

    async fn admin(&self, sql: String) {
        let mut connection = AnyConnection::connect(&self.server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Keeps a copy as an operator's backup would be. Nobody may be connected.
    pub(crate) async fn back_up(&self) {
        match self.kind {
            Kind::Sqlite => {
                let backup = self.folder.path().join("backup.db");
                std::fs::copy(self.file(), backup).unwrap();
            }
            Kind::Postgres => {
                let name = &self.name;
                self.admin(format!("CREATE DATABASE {name}_backup TEMPLATE {name}")).await;
            }
        }
    }

    /// Brings the copy back. Nobody may be connected.
    pub(crate) async fn bring_back(&self) {
        match self.kind {
            Kind::Sqlite => {
                for suffix in ["-wal", "-shm"] {
                    let _ = std::fs::remove_file(self.beside(suffix));
                }
                std::fs::copy(self.folder.path().join("backup.db"), self.file()).unwrap();
            }
            Kind::Postgres => {
                let name = &self.name;
                self.admin(format!("DROP DATABASE {name} WITH (FORCE)")).await;
                self.admin(format!("CREATE DATABASE {name} TEMPLATE {name}_backup")).await;
            }
        }
    }

    /// Every byte that is stored: the files of SQLite, or what `pg_dump` writes.
    pub(crate) fn stored_bytes(&self) -> Vec<u8> {
        match self.kind {
            Kind::Sqlite => {
                let read = |suffix| std::fs::read(self.beside(suffix)).unwrap_or_default();
                ["", "-wal", "-shm"].into_iter().flat_map(read).collect()
            }
            Kind::Postgres => {
                let dump = Command::new("pg_dump").arg(self.url()).output().unwrap();
                assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
                dump.stdout
            }
        }
    }

    /// How many transactions wrote rows of the log, as far as that can still be seen.
    pub(crate) async fn commits(&self) -> usize {
        match self.kind {
            Kind::Sqlite => commits_in(&std::fs::read(self.beside("-wal")).unwrap()),
            Kind::Postgres => {
                let sql = "SELECT COUNT(DISTINCT xmin::text) FROM context_updates";
                let row = sqlx::query(sql).fetch_one(&mut self.connect().await).await.unwrap();
                usize::try_from(row.get::<i64, _>(0)).unwrap()
            }
        }
    }

    pub(crate) async fn remove(&self) {
        if self.kind == Kind::Postgres {
            let name = &self.name;
            self.admin(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            self.admin(format!("DROP DATABASE IF EXISTS {name}_backup WITH (FORCE)")).await;
        }
    }
}

/// Transactions in a write-ahead log of SQLite: frames that end one say how large the database is then
/// (<https://sqlite.org/fileformat2.html#walformat>).
fn commits_in(wal: &[u8]) -> usize {
    let number = |bytes: &[u8]| u32::from_be_bytes(bytes[..4].try_into().unwrap());
    let (header, frames) = wal.split_at(32);
    let page = usize::try_from(number(&header[8..])).unwrap();
    let frames = frames.chunks_exact(24 + page).filter(|frame| frame[8..16] == header[16..24]);
    frames.filter(|frame| number(&frame[4..]) != 0).count()
}
