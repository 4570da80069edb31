//! What a killed server left may be in the system's memory only (SYNC-1).

use std::path::Path;

use serde_json::json;
use sqlx::{AnyConnection, Connection};

use crate::harness::{Database, Device, Guest, Kind, Program};

/// How many saves the database's own file has, without the log beside it.
async fn in_file(folder: &Path) -> i64 {
    let alone = tempfile::tempdir().unwrap();
    let copy = alone.path().join("holdfast.db");
    std::fs::copy(folder.join("holdfast.db"), &copy).unwrap();
    let mut file = AnyConnection::connect(&format!("sqlite:{}", copy.display())).await.unwrap();
    let saves = sqlx::query_scalar("SELECT COUNT(*) FROM context_updates");
    saves.fetch_one(&mut file).await.unwrap()
}

#[tokio::test]
async fn sync_1_what_a_killed_server_left_is_brought_to_the_disk_before_anybody_is_answered() {
    let database = Database::create(Kind::Sqlite).await;
    let folder = database.folder.path();
    let program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    assert_eq!(guest.save(&device.save([update.clone()])).await.status, 200);
    program.kill().await;
    assert_eq!(
        in_file(folder).await,
        0,
        "it is in SQLite's log, and nobody asks whether the disk has that"
    );

    let program = Program::start(&database).await;
    assert_eq!(in_file(folder).await, 1, "it is in the database's file, which was synced");
    let guest = guest.at(&program.url);
    assert_eq!(guest.save(&device.save([update.clone()])).await.status, 200);
    assert_eq!(device.log(&guest).await, [update]);
    program.kill().await;
}
