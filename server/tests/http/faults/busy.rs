//! Another process holds what the server has to write to, for longer than that is waited for (SYNC-1).

use std::time::Instant;

use holdfast_domain::wire::SaveReply;
use serde_json::json;
use sqlx::AnyConnection;

use crate::harness::{Database, Fleet, Kind, Program, Refusal, Server};

const CLIENTS: usize = 12;
const SESSIONS: usize = 3;

/// In this process, which is not the server's.
async fn hold(database: &Database) -> AnyConnection {
    let mut connection = database.connect().await;
    let sql = match database.kind {
        Kind::Sqlite => "PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE",
        Kind::Postgres => "BEGIN; LOCK TABLE sessions IN EXCLUSIVE MODE",
    };
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection
}

async fn saves_are_put_off_and_go_on(kind: Kind) {
    let database = Database::create(kind).await;
    let program = Program::start(&database).await;
    let mut saving = Fleet::visit(&program.url, CLIENTS, SESSIONS).await.save();
    saving.acknowledged(2 * CLIENTS).await;
    let held = hold(&database).await;
    saving.refused(1).await;
    // One answer may have been on its way when it was held; later nothing is acknowledged.
    assert_eq!(saving.refused(CLIENTS).await, 0);
    let unavailable = Refusal { status: 503, code: "unavailable".into(), retry_after: "2".into() };
    assert!(saving.refusals.iter().all(|refusal| *refusal == unavailable), "{:?}", saving.refusals);
    let mut fleet = saving.stop().await;

    // Reading waits for nobody.
    let began = Instant::now();
    let (guest, device) = fleet.first();
    fleet.check().await;
    let news = guest.save(&device.pull(None)).await.message::<SaveReply>().news;
    assert!(!news.updates.is_empty());
    assert_eq!(guest.call("list_sessions", &json!({})).await.json().as_array().unwrap().len(), 1);
    assert_eq!(Server::ask(&program.url, "/readyz").await.status, 200);
    assert!(began.elapsed().as_secs() < 5, "it took as long as a lock is waited for");

    let mut saving = fleet.save();
    drop(held);
    saving.acknowledged(2 * CLIENTS).await;
    assert_eq!(saving.unanswered, 0);
    let mut fleet = saving.stop().await;
    fleet.check().await;
    fleet.finish().await;
    program.kill().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_database_that_another_process_holds_puts_saves_off_on_sqlite() {
    saves_are_put_off_and_go_on(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_database_that_another_process_holds_puts_saves_off_on_postgres() {
    saves_are_put_off_and_go_on(Kind::Postgres).await;
}
