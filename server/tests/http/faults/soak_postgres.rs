//! Postgres is stopped and started under load (SYNC-1).

use crate::harness::{Database, Ending, Fleet, Kind, Postgres, Program, Server, rounds};

const CLIENTS: usize = 20;
const SESSIONS: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_postgres_that_goes_and_comes_back_has_what_was_acknowledged_exactly_once() {
    let postgres = Postgres::start().await;
    let database = Database::create_on(Kind::Postgres, postgres.url()).await;
    let program = Program::start(&database).await;
    let mut fleet = Fleet::visit(&program.url, CLIENTS, SESSIONS).await;
    for round in 0..rounds(2, 20) {
        let ending = if round % 2 == 0 { Ending::Immediate } else { Ending::Fast };
        let mut saving = fleet.save();
        saving.acknowledged(2 * CLIENTS).await;
        postgres.end(ending).await;
        saving.refused(1).await;
        assert_eq!(Server::ask(&program.url, "/healthz").await.status, 200);
        assert_eq!(Server::ask(&program.url, "/readyz").await.refusal().0, 503);
        assert!(postgres.go_on().await);
        // Nobody tells the server.
        saving.acknowledged(2 * CLIENTS).await;
        for refusal in &saving.refusals {
            let told = (refusal.status, refusal.code.as_str(), refusal.retry_after.as_str());
            assert_eq!(told, (503, "unavailable", "2"), "round {round}, {ending:?}");
        }
        assert_eq!(saving.unanswered, 0);
        fleet = saving.stop().await;
        fleet.check().await;
    }
    assert_eq!(Server::ask(&program.url, "/readyz").await.status, 200);
    fleet.finish().await;
    program.kill().await;
}
