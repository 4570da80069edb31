//! What a killed server left may be in the system's memory only (SYNC-1).

use serde_json::json;

use crate::harness::{Database, Device, Guest, Kind, Program};

#[tokio::test]
async fn sync_1_what_a_killed_server_left_is_brought_to_the_disk_before_anybody_is_answered() {
    let database = Database::create(Kind::Sqlite).await;
    let log = database.folder.path().join("holdfast.db-wal");
    let bytes = || log.metadata().map_or(0, |file| file.len());
    let program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    assert_eq!(guest.save(&device.save([update.clone()])).await.status, 200);
    program.kill().await;
    assert!(bytes() > 0, "it is in SQLite's log, and nobody asks whether the disk has that");

    let program = Program::start(&database).await;
    assert_eq!(bytes(), 0, "it is in the database's file, which was synced");
    let guest = guest.at(&program.url);
    assert_eq!(guest.save(&device.save([update.clone()])).await.status, 200);
    assert_eq!(device.log(&guest).await, [update]);
    program.kill().await;
}
