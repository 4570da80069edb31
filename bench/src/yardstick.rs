//! The yardstick: the least that a server must do to acknowledge durably. A bare handler hands the body to
//! one task, which writes everything that waits in one transaction of SQLite with full durability. No
//! accounts, no checks, no encryption, no CRDT.

use std::path::Path;

use axum::Router;
use axum::extract::{Path as InPath, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use bytes::Bytes;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

/// Rows in one statement, and appends in one transaction.
const ROWS: usize = 64;
const BATCH: usize = 512;

struct Append {
    session: String,
    body: Bytes,
    done: oneshot::Sender<()>,
}

#[derive(Clone)]
struct Yardstick {
    queue: mpsc::Sender<Append>,
    readers: SqlitePool,
}

/// Serves until it is killed; says where, as Holdfast does.
pub async fn serve(database: &Path) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut writer = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, session TEXT, body BLOB); \
         CREATE INDEX IF NOT EXISTS log_session ON log (session, seq)",
    )
    .execute(&mut writer)
    .await?;
    let readers = SqlitePoolOptions::new().max_connections(4).connect_lazy_with(options);
    let (queue, waiting) = mpsc::channel(4_096);
    tokio::spawn(write(writer, waiting));

    let router = Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/{session}", post(append).get(read))
        .layer(axum::extract::DefaultBodyLimit::max(64 << 20))
        .with_state(Yardstick { queue, readers });
    let listener = tokio::net::TcpListener::bind(address()).await?;
    println!("The yardstick is at http://{}", listener.local_addr()?);
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

/// Where to listen, as Holdfast is told.
fn address() -> String {
    std::env::var("HOLDFAST_ADDR").unwrap_or_else(|_| "127.0.0.1:0".into())
}

async fn append(
    State(yardstick): State<Yardstick>,
    InPath(session): InPath<String>,
    body: Bytes,
) -> StatusCode {
    let (done, committed) = oneshot::channel();
    let sent = yardstick.queue.send(Append { session, body, done }).await;
    match sent.is_ok() && committed.await.is_ok() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn read(
    State(yardstick): State<Yardstick>,
    InPath(session): InPath<String>,
) -> Result<Vec<u8>, StatusCode> {
    let rows = sqlx::query("SELECT body FROM log WHERE session = $1 ORDER BY seq")
        .bind(session)
        .fetch_all(&yardstick.readers)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(rows.iter().flat_map(|row| row.get::<&[u8], _>(0)).copied().collect())
}

async fn write(mut connection: SqliteConnection, mut waiting: mpsc::Receiver<Append>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        // Without its answer, the client sees that nothing was acknowledged.
        if commit(&mut connection, &batch).await.is_err() {
            batch.clear();
        }
        for append in batch.drain(..) {
            let _ = append.done.send(());
        }
    }
}

async fn commit(connection: &mut SqliteConnection, batch: &[Append]) -> sqlx::Result<()> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for rows in batch.chunks(ROWS) {
        let places = (0..rows.len()).map(|row| format!("(${}, ${})", 2 * row + 1, 2 * row + 2));
        let places = places.collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO log (session, body) VALUES {places}");
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for row in rows {
            insert = insert.bind(&row.session).bind(&row.body[..]);
        }
        insert.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
