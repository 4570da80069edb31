//! The router on a listener of its own, in this process.

use std::sync::Arc;

use holdfast_backend::{Backend, Location, MasterKey, Options, Settings, SystemEnvironment};
use holdfast_domain::Environment;
use holdfast_server::{AppState, Config, router};
use sqlx::AssertSqlSafe;
use tokio::net::TcpListener;

use super::{Answer, Database, Guest, Kind, client};

pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) state: AppState,
    pub(crate) backend: Backend,
    pub(crate) database: Database,
    key: String,
}

/// A clock that is wrong by so many milliseconds.
struct Moved(i64);

impl Environment for Moved {
    fn now_ms(&self) -> i64 {
        SystemEnvironment.now_ms() + self.0
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        SystemEnvironment.fill_random(buffer);
    }
}

async fn open(database: &Database, key: &str, environment: Arc<dyn Environment>) -> Backend {
    let options = Options {
        database_url: database.url(),
        master_key: MasterKey::from_hex(key).unwrap(),
        environment,
        settings: Settings::default(),
        locations: vec![Location {
            name: "place".into(),
            folder: database.folder.path().to_owned(),
            writable: false,
            accounts: Vec::new(),
        }],
    };
    Backend::open(options).await.unwrap()
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    /// `addr` is chosen here.
    pub(crate) async fn with(config: Config) -> Self {
        let database = Database::create(Kind::Sqlite).await;
        let key = format!("{}{0}", SystemEnvironment.uuid().simple());
        let backend = open(&database, &key, Arc::new(SystemEnvironment)).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let config = Config { addr: listener.local_addr().unwrap(), ..config };
        let state = AppState::new(backend.clone(), &config).unwrap();
        let router = router(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url: format!("http://{}", config.addr), state, backend, database, key }
    }

    /// What this server was at another time, or will be.
    pub(crate) async fn at(&self, moved_ms: i64) -> Backend {
        open(&self.database, &self.key, Arc::new(Moved(moved_ms))).await
    }

    pub(crate) async fn guest(&self) -> Guest {
        Guest::visit(&self.url).await
    }

    /// How many rows a table has, past the server.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        sqlx::query_scalar(sql).fetch_one(&mut self.database.connect().await).await.unwrap()
    }

    /// `GET` without anything, of any server.
    pub(crate) async fn ask(url: &str, path: &str) -> Answer {
        Answer::of(client().get(format!("{url}{path}")).send().await.unwrap()).await
    }

    /// `GET` without a cookie.
    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = client().get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.unwrap()).await
    }
}
