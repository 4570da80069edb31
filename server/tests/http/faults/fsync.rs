//! The disk does not keep what it is given: `fsync` fails (SYNC-1).

use holdfast_domain::wire::{News, SaveReply};
use serde_json::json;

use crate::harness::{Database, Fleet, Kind, Program, Refusal, Server};

const CLIENTS: usize = 12;
const SESSIONS: usize = 3;

/// Starts the program so that its system calls fail as `when` says, counted in each of its threads.
async fn with_failing_fsync(database: &Database, when: &str) -> Program {
    let inject = format!("inject=fsync,fdatasync:error=EIO:when={when}");
    // As a process beside the program, which so stays ours to be killed.
    let strace = ["strace", "-D", "-f", "-qq", "-o", "/dev/null"];
    let calls = ["-e", "trace=fsync,fdatasync", "-e", &inject];
    Program::through(&[&strace[..], &calls[..]].concat(), database, &[]).await
}

async fn a_failed_fsync_ends_writing(when: &str) {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let mut saving = Fleet::visit(&program.url, CLIENTS, SESSIONS).await.save();
    saving.acknowledged(5 * CLIENTS).await;
    let mut fleet = saving.stop().await;
    program.kill().await;

    let mut program = with_failing_fsync(&database, when).await;
    fleet.at(&program.url);
    let mut saving = fleet.save();
    let said = program.logged("fsync failed").await;
    assert!(said.contains("ERROR") && said.contains("start the server again"), "{said}");
    // Whoever was being answered then has heard it; from now on nobody is acknowledged anything.
    saving.refused(3 * CLIENTS).await;
    assert_eq!(saving.refused(10 * CLIENTS).await, 0);
    let unavailable = Refusal { status: 503, code: "unavailable".into(), retry_after: "2".into() };
    assert!(saving.refusals.iter().all(|refusal| *refusal == unavailable));
    assert_eq!(saving.unanswered, 0);
    let mut fleet = saving.stop().await;

    // It lives, wants no requests, writes nothing else, and can be read.
    assert_eq!(Server::ask(&program.url, "/healthz").await.status, 200);
    assert_eq!(Server::ask(&program.url, "/readyz").await.refusal(), (503, "unavailable".into()));
    let (guest, device) = fleet.first();
    let rename = json!({"session": device.session, "name": "Another"});
    assert_eq!(guest.call("rename_session", &rename).await.refusal().0, 503);
    assert_eq!(guest.call("list_sessions", &json!({})).await.json().as_array().unwrap().len(), 1);
    let news = guest.save(&device.pull(None)).await.message::<SaveReply>().news;
    let News { updates, more, .. } = news;
    assert!(updates.len() > CLIENTS && !more);
    fleet.check().await;
    program.ask_to_stop().await;
    assert!(program.ended().await.0.success(), "it ends in order");

    let program = Program::start(&database).await;
    fleet.at(&program.url);
    fleet.check().await;
    fleet.finish().await;
    assert_eq!(Server::ask(&program.url, "/readyz").await.status, 200);
    program.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_disk_that_keeps_nothing_any_more_ends_writing() {
    a_failed_fsync_ends_writing("12+").await;
}

/// The system tells it once and forgets what it could not write: the next `fsync` succeeds without it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_one_failed_fsync_is_enough_to_end_writing() {
    a_failed_fsync_ends_writing("12").await;
}
