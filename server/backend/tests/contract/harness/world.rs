//! A server's backend, restarted at will.

use std::sync::Arc;

use holdfast_backend::{Backend, Location, MasterKey, OpenError, Options, Settings, Visitor};
use holdfast_domain::Environment;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::Kind;
use super::database::Database;
use super::environment::Clock;

/// A backend with everything around it.
pub(crate) struct World {
    pub(crate) backend: Backend,
    pub(crate) database: Database,
    pub(crate) clock: Arc<Clock>,
    pub(crate) settings: Settings,
    pub(crate) locations: Vec<Location>,
}

pub(crate) const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

impl World {
    pub(crate) async fn create(kind: Kind) -> Self {
        let database = Database::create(kind).await;
        let (clock, settings) = (Arc::new(Clock::default()), Settings::default());
        let backend = open(&database, &clock, &settings, KEY, &[]).await.unwrap();
        Self { backend, database, clock, settings, locations: Vec::new() }
    }

    /// Another server on the same database.
    pub(crate) async fn another_server(&self) -> Backend {
        open(&self.database, &self.clock, &self.settings, KEY, &self.locations).await.unwrap()
    }

    pub(crate) async fn open_with_key(&self, key: &str) -> Result<Backend, OpenError> {
        open(&self.database, &self.clock, &self.settings, key, &[]).await
    }

    /// Another server on the same database, with a clock and random bytes of its own.
    pub(crate) async fn server_with(&self, environment: Arc<dyn Environment>) -> Backend {
        let options = Options {
            database_url: self.database.url(),
            master_key: MasterKey::from_hex(KEY).unwrap(),
            environment,
            settings: self.settings.clone(),
            locations: self.locations.clone(),
        };
        Backend::open(options).await.unwrap()
    }

    /// A server with a key of its own on any database.
    pub(crate) async fn start_on(
        &self,
        database: &Database,
        key: u8,
    ) -> Result<Backend, OpenError> {
        let key = format!("{key:02x}").repeat(32);
        open(database, &self.clock, &self.settings, &key, &[]).await
    }

    /// The server goes without a word, and comes again with `settings`.
    pub(crate) async fn restart(&mut self) {
        self.backend = self.another_server().await;
    }

    /// Makes a copy of the database.
    pub(crate) async fn back_up(&mut self) {
        self.backend.close().await;
        self.database.back_up().await;
        self.restart().await;
    }

    /// Puts that copy back by hand: nobody says that a new life begins.
    pub(crate) async fn bring_back(&mut self) {
        self.backend.close().await;
        self.database.bring_back().await;
        self.restart().await;
    }

    /// Another browser, with a cookie of its own.
    pub(crate) async fn guest(&self) -> Visitor {
        let token = self.backend.issue_token();
        self.backend.visitor(token.as_str()).unwrap()
    }

    /// Rows of a query, past the backend.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<AnyRow> {
        let mut connection = self.database.connect().await;
        sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap()
    }

    /// One number of a query, past the backend.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.rows(sql).await[0].get(0)
    }

    /// How many bases there are, of all sessions.
    pub(crate) async fn bases(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM context_bases").await
    }

    /// Up to which `seq` the newest base goes; 0: there is none.
    pub(crate) async fn newest_base(&self) -> i64 {
        self.number("SELECT COALESCE(MAX(seq), 0) FROM context_bases").await
    }

    /// A statement, past the backend.
    pub(crate) async fn execute(&self, sql: &str) {
        let mut connection = self.database.connect().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    }

    /// Changes stored bytes: the last one of `column` where `condition` holds.
    pub(crate) async fn flip(&self, table: &str, column: &str, condition: &str) {
        let mut connection = self.database.connect().await;
        let sql = format!("SELECT {column} FROM {table} WHERE {condition}");
        let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap();
        let mut bytes: Vec<u8> = row.get(0);
        *bytes.last_mut().unwrap() ^= 1;
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE {condition}");
        let done = sqlx::query(AssertSqlSafe(sql)).bind(bytes).execute(&mut connection).await;
        assert_eq!(done.unwrap().rows_affected(), 1);
    }
}

async fn open(
    database: &Database,
    clock: &Arc<Clock>,
    settings: &Settings,
    key: &str,
    locations: &[Location],
) -> Result<Backend, OpenError> {
    let options = Options {
        database_url: database.url(),
        master_key: MasterKey::from_hex(key).unwrap(),
        environment: clock.clone(),
        settings: settings.clone(),
        locations: locations.to_vec(),
    };
    Backend::open(options).await
}

/// What the writer needs, held by somebody else.
pub(crate) struct HeldWrites(sqlx::AnyConnection);

impl World {
    pub(crate) async fn hold_writes(&self) -> HeldWrites {
        let mut connection = self.database.connect().await;
        let sql = match self.database.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN; LOCK TABLE sessions IN EXCLUSIVE MODE",
        };
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        HeldWrites(connection)
    }
}

impl HeldWrites {
    pub(crate) async fn release(mut self) {
        sqlx::raw_sql("ROLLBACK").execute(&mut self.0).await.unwrap();
    }
}
