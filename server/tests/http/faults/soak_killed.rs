//! The server is killed at random moments while fifty clients save (SYNC-1).

use std::time::Duration;

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;

use crate::harness::{Database, Fleet, Kind, Program, rounds};

const CLIENTS: usize = 50;
const SESSIONS: usize = 10;

async fn nothing_acknowledged_is_lost(kind: Kind, lives: usize) {
    let database = Database::create(kind).await;
    let mut program = Program::start(&database).await;
    let mut fleet = Fleet::visit(&program.url, CLIENTS, SESSIONS).await;
    for life in 1..=lives {
        let mut saving = fleet.save();
        saving.acknowledged(CLIENTS + random(2 * CLIENTS)).await;
        // Not just after an acknowledgement: anywhere in the transactions that follow.
        tokio::time::sleep(Duration::from_micros(random(30_000) as u64)).await;
        let log = program.kill().await;
        assert_eq!(saving.refusals, [], "life {life}: {log:#?}");
        fleet = saving.stop().await;
        program = Program::start(&database).await;
        fleet.at(&program.url);
        // What is lost stays lost: the clients send again only what they heard nothing of.
        if life <= 5 || life % 20 == 0 {
            fleet.check().await;
        }
    }
    assert!(fleet.unacknowledged() > 0, "the server was killed in the middle");
    fleet.finish().await;
    program.kill().await;
    database.remove().await;
}

/// Less than `bound`.
fn random(bound: usize) -> usize {
    (SystemEnvironment.uuid().as_u128() % bound as u128) as usize
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_killed_server_has_what_it_acknowledged_exactly_once_on_sqlite() {
    nothing_acknowledged_is_lost(Kind::Sqlite, rounds(5, 200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_killed_server_has_what_it_acknowledged_exactly_once_on_postgres() {
    nothing_acknowledged_is_lost(Kind::Postgres, rounds(3, 200)).await;
}
