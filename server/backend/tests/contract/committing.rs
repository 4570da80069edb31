//! SYNC-1: what waits is committed together, and only what is committed is acknowledged.

use holdfast_domain::wire::{SaveOutcome, SaveReply};
use holdfast_domain::{Error, Result};
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{Device, Kind, World, contract, snapshot_request};

contract!(
    sync_1_saves_of_many_sessions_that_wait_are_committed_together,
    sync_1_a_commit_that_fails_acknowledges_nothing,
    sync_1_a_save_that_the_database_refuses_fails_alone;
    postgres: sync_1_what_is_acknowledged_was_not_rolled_back,
);

type Saves = JoinSet<(Device, Result<SaveReply>)>;

fn save(saves: &mut Saves, world: &World, device: Device) {
    let backend = world.backend.clone();
    saves.spawn(async move {
        let reply = backend.save(&device.visitor, device.request()).await;
        (device, reply)
    });
}

/// Rows of the device's session that others can see.
async fn rows_of(world: &World, device: &Device) -> i64 {
    let session = device.session;
    world.number(&format!("SELECT COUNT(*) FROM context_updates WHERE session = '{session}'")).await
}

async fn sync_1_saves_of_many_sessions_that_wait_are_committed_together(mut world: World) {
    world.settings.queue_saves = 40;
    world.restart().await;
    let visitor = world.guest().await;
    let mut first = Device::new(&visitor);
    first.edit(json!({"first": 1}));
    first.sync(&world.backend).await;
    let before = world.database.commits().await;
    let lock = world.hold_writes().await;
    let mut saves = Saves::new();
    for number in 0..100 {
        let mut device = Device::new(&visitor);
        device.edit(json!({"number": number}));
        save(&mut saves, &world, device);
    }
    // The queue is full when one is turned away; what the writer took before cannot go on.
    let (_, turned_away) = saves.join_next().await.unwrap().unwrap();
    assert_eq!(turned_away.unwrap_err(), Error::Unavailable);
    lock.release().await;
    let mut acknowledged = 0;
    while let Some(saved) = saves.join_next().await {
        let (device, reply) = saved.unwrap();
        match reply {
            Ok(reply) => {
                assert_eq!(reply.outcome, SaveOutcome::Acked);
                assert_eq!(rows_of(&world, &device).await, 1, "acknowledged, so it is there");
                acknowledged += 1;
            }
            Err(error) => {
                assert_eq!((error, rows_of(&world, &device).await), (Error::Unavailable, 0));
            }
        }
    }
    assert!(acknowledged > 40, "{acknowledged}");
    let commits = world.database.commits().await - before;
    assert!(commits <= 3, "{commits} transactions for {acknowledged} saves");
}

/// From now on a transaction that writes a row of more than `size` bytes fails when it is committed.
async fn break_commits(world: &World, size: usize) {
    let table = "CREATE TABLE broken (session TEXT REFERENCES sessions (id) \
                 DEFERRABLE INITIALLY DEFERRED)";
    let trigger = match world.database.kind {
        Kind::Sqlite => format!(
            "CREATE TRIGGER breaking AFTER INSERT ON context_updates WHEN NEW.size > {size} \
             BEGIN INSERT INTO broken VALUES ('nobody'); END"
        ),
        Kind::Postgres => format!(
            "CREATE FUNCTION breaking() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             INSERT INTO broken VALUES ('nobody'); RETURN NEW; END $$; \
             CREATE TRIGGER breaking AFTER INSERT ON context_updates \
             FOR EACH ROW WHEN (NEW.size > {size}) EXECUTE FUNCTION breaking()"
        ),
    };
    world.execute(&format!("{table}; {trigger}")).await;
}

async fn mend_commits(world: &World) {
    let drop = match world.database.kind {
        Kind::Sqlite => "DROP TRIGGER breaking",
        Kind::Postgres => "DROP TRIGGER breaking ON context_updates",
    };
    world.execute(drop).await;
}

async fn sync_1_a_commit_that_fails_acknowledges_nothing(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    break_commits(&world, 0).await;
    device.edit(json!({"b": 2}));
    let snapshot = device.snapshot("with b");
    for _ in 0..3 {
        let error = world.backend.save(&device.visitor, device.request()).await.unwrap_err();
        assert_eq!(error, Error::Internal);
    }
    assert_eq!(rows_of(&world, &device).await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 0);
    let json = world.backend.context_json(&device.visitor, device.session).await.unwrap();
    assert_eq!(json, json!({"a": 1}));

    // The server did not remember as saved what was not.
    mend_commits(&world).await;
    device.sync(&world.backend).await;
    assert_eq!(rows_of(&world, &device).await, 2);
    let listed = world.backend.list_snapshots(&device.visitor, device.session).await.unwrap();
    assert_eq!(listed.iter().map(|found| found.id).collect::<Vec<_>>(), [snapshot]);
    device.load(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1, "b": 2}));
}

async fn sync_1_a_save_that_the_database_refuses_fails_alone(world: World) {
    let visitor = world.guest().await;
    let mut first = Device::new(&visitor);
    first.edit(json!({"first": 1}));
    first.sync(&world.backend).await;
    break_commits(&world, 5_000).await;
    let lock = world.hold_writes().await;
    let mut saves = Saves::new();
    for number in 0..20 {
        // Two of each session, in one transaction as well.
        let mut device = Device::new(&visitor);
        device.edit(json!({"small": number}));
        save(&mut saves, &world, device.beside_creating());
        let size = if number % 5 == 0 { 6_000 } else { 10 };
        device.edit(json!({"text": "x".repeat(size)}));
        save(&mut saves, &world, device);
    }
    lock.release().await;
    let mut failed = Vec::new();
    for (device, reply) in saves.join_all().await {
        match reply {
            Ok(reply) => assert_eq!(reply.outcome, SaveOutcome::Acked),
            Err(error) => {
                assert_eq!(error, Error::Internal);
                failed.push(device);
            }
        }
    }
    assert_eq!(failed.len(), 4);
    mend_commits(&world).await;
    for device in &mut failed {
        device.sync(&world.backend).await;
        let json = world.backend.context_json(&visitor, device.session).await.unwrap();
        assert_eq!(json["text"], "x".repeat(6_000));
    }
    assert_eq!(world.backend.list_sessions(&visitor).await.unwrap().len(), 21);
}

/// Only Postgres goes on to answer COMMIT with success after a statement failed.
async fn sync_1_what_is_acknowledged_was_not_rolled_back(world: World) {
    let mut devices = Vec::new();
    for _ in 0..3 {
        let mut device = Device::new(&world.guest().await);
        device.edit(json!({"n": 1}));
        device.sync(&world.backend).await;
        devices.push(device);
    }
    let lock = world.hold_writes().await;
    let snapshot = |number: usize| {
        let (backend, device) = (world.backend.clone(), &devices[number]);
        let request = snapshot_request(&format!("{number}"));
        async move { backend.create_snapshot(&device.visitor, device.session, request).await }
    };
    // The first one waits for the lock, the others for the first one. Then a part of the database breaks
    // that only the last one needs.
    let breaks = async {
        let broken = format!(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'broken page' USING ERRCODE = 'XX001'; END $$; \
             CREATE TRIGGER broken BEFORE INSERT ON snapshots FOR EACH ROW \
             WHEN (NEW.session = '{}') EXECUTE FUNCTION broken()",
            devices[2].session
        );
        world.execute(&broken).await;
        lock.release().await;
    };
    let (first, second, last, ()) = tokio::join!(snapshot(0), snapshot(1), snapshot(2), breaks);
    assert_eq!(last.unwrap_err(), Error::Internal);
    first.unwrap();
    second.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 2);
}
