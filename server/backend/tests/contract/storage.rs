//! SYNC-1: a full disk and failing writes are refused, visibly, and the writer goes on.

use holdfast_domain::Error;
use holdfast_domain::wire::SaveOutcome;
use serde_json::json;

use crate::harness::{Device, Kind, World, contract};

contract!(
    sync_1_a_full_disk_is_told_and_nothing_is_half_saved,
    sync_1_a_failing_write_fails_only_its_own_transaction,
);

async fn sync_1_a_full_disk_is_told_and_nothing_is_half_saved(mut world: World) {
    let mut small = Device::new(&world.guest().await);
    small.edit(json!({"small": 1}));
    small.sync(&world.backend).await;
    match world.database.kind {
        Kind::Sqlite => {
            let pages = world.number("PRAGMA page_count").await;
            let bytes = u64::try_from((pages + 30) * 4096).unwrap();
            world.settings.database_bytes = Some(bytes);
            world.restart().await;
        }
        // A server's disk cannot be filled here, but it can say so.
        Kind::Postgres => {
            world
                .execute(
                    "CREATE FUNCTION full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                     RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$; \
                     CREATE TRIGGER full_disk BEFORE INSERT ON context_updates \
                     FOR EACH ROW WHEN (NEW.size > 100000) EXECUTE FUNCTION full()",
                )
                .await;
        }
    }
    let mut large = Device::new(&world.guest().await);
    large.write("/notes", &"x".repeat(400_000));
    let request = large.request();
    for _ in 0..3 {
        let error = world.backend.save(&large.visitor, request.clone()).await.unwrap_err();
        assert_eq!(error, Error::StorageFull);
    }
    // Nothing of it is there, not even the account, and what fits is still saved.
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM accounts").await, 1);
    small.edit(json!({"small": 2}));
    small.sync(&world.backend).await;

    match world.database.kind {
        Kind::Sqlite => {
            world.settings.database_bytes = None;
            world.restart().await;
        }
        Kind::Postgres => world.execute("DROP TRIGGER full_disk ON context_updates").await,
    }
    let reply = world.backend.save(&large.visitor, request).await.unwrap();
    assert_eq!(reply.outcome, SaveOutcome::Acked);
}

async fn sync_1_a_failing_write_fails_only_its_own_transaction(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    world.execute("ALTER TABLE context_updates RENAME TO away").await;
    device.edit(json!({"b": 1}));
    let error = world.backend.save(&device.visitor, device.request()).await.unwrap_err();
    assert_eq!(error, Error::Internal);
    world.execute("ALTER TABLE away RENAME TO context_updates").await;
    device.sync(&world.backend).await;
    device.load(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1, "b": 1}));
}
