//! A network that is slow and breaks in the middle of whatever it carries (SYNC-6).

use crate::harness::{Database, Fleet, Kind, Program, Proxy, rounds};

const CLIENTS: usize = 20;
const SESSIONS: usize = 5;

async fn everything_arrives_once(kind: Kind, saves: usize) {
    let database = Database::create(kind).await;
    let program = Program::start(&database).await;
    let mut fleet = Fleet::visit(&program.url, CLIENTS, SESSIONS).await;
    let line = Proxy::before(&program.url).await;
    fleet.at(&line.url);
    let mut saving = fleet.save();
    saving.acknowledged(saves).await;
    saving.unanswered(CLIENTS).await;
    // A request that did not arrive whole is no save.
    let whole = saving.refusals.iter().find(|refusal| refusal.code != "malformed");
    assert_eq!(whole, None);
    let mut fleet = saving.stop().await;
    fleet.at(&program.url);
    fleet.check().await;
    let (asked, answered) = line.cuts();
    assert!(asked > 0 && answered > 0, "{asked} requests and {answered} answers were cut");
    fleet.finish().await;
    program.kill().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_6_what_a_breaking_line_carries_is_there_once_on_sqlite() {
    everything_arrives_once(Kind::Sqlite, rounds(400, 5_000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_6_what_a_breaking_line_carries_is_there_once_on_postgres() {
    everything_arrives_once(Kind::Postgres, rounds(400, 5_000)).await;
}
