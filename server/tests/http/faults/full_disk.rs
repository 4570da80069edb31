//! The disk is full, really (SYNC-1).

use holdfast_domain::wire::SaveReply;
use serde_json::json;

use crate::harness::{Database, Fleet, Kind, Program, Refusal, Server, SmallDisk};

const CLIENTS: usize = 8;
const SESSIONS: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_full_disk_is_told_can_be_read_and_saving_goes_on_when_there_is_room() {
    let database = Database::create(Kind::Sqlite).await;
    let disk = SmallDisk::under(&database, 16).await;
    let through = disk.through();
    let through: Vec<&str> = through.iter().map(String::as_str).collect();
    let program = Program::through(&through, &database, &[]).await;
    let mut saving = Fleet::visit(&program.url, CLIENTS, SESSIONS).await.save();
    saving.acknowledged(3 * CLIENTS).await;

    for _ in 0..2 {
        disk.fill();
        saving.refused(5 * CLIENTS).await;
        // Nobody tells it that there is room again.
        disk.make_room();
        saving.acknowledged(3 * CLIENTS).await;
    }
    disk.fill();
    saving.refused(5 * CLIENTS).await;
    let full = Refusal { status: 507, code: "storage_full".into(), retry_after: String::new() };
    assert!(saving.refusals.iter().all(|refusal| *refusal == full), "{:?}", saving.refusals);
    assert_eq!(saving.unanswered, 0);
    let mut fleet = saving.stop().await;
    fleet.check().await;
    expect_readable(&fleet, &program.url).await;

    // Also one that starts on it.
    program.kill().await;
    let program = Program::through(&through, &database, &[]).await;
    fleet.at(&program.url);
    fleet.check().await;
    expect_readable(&fleet, &program.url).await;
    let mut saving = fleet.save();
    saving.refused(2 * CLIENTS).await;
    assert!(saving.refusals.iter().all(|refusal| *refusal == full), "{:?}", saving.refusals);
    disk.make_room();
    saving.acknowledged(3 * CLIENTS).await;
    let mut fleet = saving.stop().await;
    fleet.check().await;
    fleet.finish().await;
    program.kill().await;
}

/// Pages, lists and contexts; the server is ready, because reading is most of what is asked of it.
async fn expect_readable(fleet: &Fleet, url: &str) {
    assert_eq!(Server::ask(url, "/readyz").await.status, 200);
    let (guest, device) = fleet.first();
    assert_eq!(guest.call("list_sessions", &json!({})).await.json().as_array().unwrap().len(), 1);
    let news = guest.save(&device.pull(None)).await.message::<SaveReply>().news;
    assert!(!news.updates.is_empty());
    let refused = json!({"session": device.session, "name": "Another"});
    let refused = guest.call("rename_session", &refused).await.refusal();
    assert_eq!(refused, (507, "storage_full".into()));
}
