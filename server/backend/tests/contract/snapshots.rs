//! SNAP-1, SNAP-2 and SNAP-5: snapshots are taken, kept and go.

use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest, SnapshotSummary};
use holdfast_domain::{Environment, Error};
use serde_json::json;

use crate::harness::{DAY_MS, Device, HOUR_MS, World, contract, snapshot_request};

contract!(
    snap_1_snapshots_go_after_thirty_days_unless_pinned,
    snap_1_unpinning_leaves_the_rest_of_its_days,
    snap_1_a_snapshot_says_what_it_is,
    snap_1_an_offline_snapshot_is_of_its_own_time,
    snap_2_a_marker_captures_exactly_what_was_before_it,
    snap_2_a_snapshot_copies_nothing,
    snap_5_one_automatic_snapshot_an_hour_while_it_changes,
    snap_5_a_large_delete_is_preceded_by_a_snapshot,
    snap_5_a_save_that_changes_nothing_adds_nothing,
);

async fn list(world: &World, device: &Device) -> Vec<SnapshotSummary> {
    world.backend.list_snapshots(&device.visitor, device.session).await.unwrap()
}

async fn snap_1_snapshots_go_after_thirty_days_unless_pinned(mut world: World) {
    world.settings.hourly_snapshots = false;
    world.restart().await;
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    let (plain, pinned) = (device.snapshot("plain"), device.snapshot("pinned"));
    device.sync(&world.backend).await;
    let (visitor, session) = (device.visitor.clone(), device.session);
    assert!(world.backend.pin_snapshot(&visitor, session, pinned, true).await.unwrap().pinned);
    world.clock.advance(29 * DAY_MS);
    assert_eq!(world.backend.sweep_snapshots().await.unwrap(), 0);
    assert_eq!(list(&world, &device).await.len(), 2);

    world.clock.advance(2 * DAY_MS);
    // Over is over, also before the sweep comes.
    let preview = world.backend.preview_snapshot(&visitor, session, plain).await;
    assert_eq!(preview.unwrap_err(), Error::NotFound);
    assert_eq!(world.backend.sweep_snapshots().await.unwrap(), 1);
    assert_eq!(world.backend.sweep_snapshots().await.unwrap(), 0);
    let left = list(&world, &device).await;
    assert_eq!(left.iter().map(|found| found.id).collect::<Vec<_>>(), [pinned]);
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 1);
    device.edit(json!({"a": 2}));
    device.sync(&world.backend).await;
    let restored = world.backend.restore_snapshot(&visitor, session, pinned).await.unwrap();
    assert_eq!(restored.changed, 1);
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1}));
}

async fn snap_1_unpinning_leaves_the_rest_of_its_days(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    let (young, old) = (device.snapshot("young"), device.snapshot("old"));
    device.sync(&world.backend).await;
    let (visitor, session) = (device.visitor.clone(), device.session);
    let created = list(&world, &device).await[0].created_at_ms;
    for snapshot in [young, old] {
        world.backend.pin_snapshot(&visitor, session, snapshot, true).await.unwrap();
    }
    world.clock.advance(10 * DAY_MS);
    let summary = world.backend.pin_snapshot(&visitor, session, young, false).await.unwrap();
    assert_eq!(summary.expires_at_ms, created + 30 * DAY_MS);
    world.clock.advance(100 * DAY_MS);
    let summary = world.backend.pin_snapshot(&visitor, session, old, false).await.unwrap();
    assert_eq!(summary.expires_at_ms, created + 111 * DAY_MS);
    assert_eq!(list(&world, &device).await.len(), 1);
    world.clock.advance(DAY_MS);
    assert_eq!(world.backend.sweep_snapshots().await.unwrap(), 2);
}

async fn snap_1_a_snapshot_says_what_it_is(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": "some content"}));
    device.sync(&world.backend).await;
    let (visitor, session) = (device.visitor.clone(), device.session);
    let request = snapshot_request("  Before the trip ");
    let made = world.backend.create_snapshot(&visitor, session, request.clone()).await.unwrap();
    assert_eq!((made.id, made.name.as_str()), (request.id, "Before the trip"));
    assert_eq!((made.kind, made.pinned, made.mine), (SnapshotKind::Manual, false, true));
    assert!(made.size_bytes > 10);
    assert_eq!(made.expires_at_ms - made.created_at_ms, 30 * DAY_MS);
    // Asking twice makes one.
    world.clock.advance(1_000);
    device.edit(json!({"a": "other"}));
    device.sync(&world.backend).await;
    let again = world.backend.create_snapshot(&visitor, session, request).await.unwrap();
    assert_eq!(again, made);
    assert_eq!(list(&world, &device).await, std::slice::from_ref(&made));
    let bad = world.backend.create_snapshot(&visitor, session, snapshot_request(" ")).await;
    assert_eq!(bad.unwrap_err().code(), "invalid_value");
    world.backend.delete_snapshot(&visitor, session, made.id).await.unwrap();
    assert_eq!(list(&world, &device).await, []);
    let gone = world.backend.delete_snapshot(&visitor, session, made.id).await;
    assert_eq!(gone, Err(Error::NotFound));
}

async fn snap_2_a_marker_captures_exactly_what_was_before_it(world: World) {
    let mut device = Device::new(&world.guest().await);
    let empty = device.snapshot("empty");
    device.edit(json!({"n": 1}));
    device.edit(json!({"n": 2}));
    let two = device.snapshot("two");
    device.edit(json!({"n": 3}));
    let three = device.snapshot("three");
    let same = device.snapshot("three again");
    device.edit(json!({"n": 4}));
    let request = device.request();
    device.sync(&world.backend).await;
    // Sent again because the answer was lost: nothing more.
    world.backend.save(&device.visitor, request).await.unwrap();
    assert_eq!(list(&world, &device).await.len(), 4);
    let then = async |snapshot| {
        let preview =
            world.backend.preview_snapshot(&device.visitor, device.session, snapshot).await;
        preview.unwrap().differences[0].then.clone()
    };
    assert_eq!(then(empty).await, None);
    assert_eq!(then(two).await, Some(json!(2)));
    assert_eq!(then(three).await, Some(json!(3)));
    assert_eq!(then(same).await, Some(json!(3)));
}

async fn snap_2_a_snapshot_copies_nothing(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.write("/notes", &"long ".repeat(100_000));
    device.sync(&world.backend).await;
    let before = world.number("SELECT COUNT(*) FROM context_updates").await;
    for number in 0..20 {
        let request = snapshot_request(&format!("number {number}"));
        world.backend.create_snapshot(&device.visitor, device.session, request).await.unwrap();
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, before);
    let bytes = "SELECT CAST(SUM(length(name)) AS BIGINT) FROM snapshots";
    assert!(world.number(bytes).await < 20 * 100);
}

async fn snap_5_one_automatic_snapshot_an_hour_while_it_changes(world: World) {
    let mut device = Device::new(&world.guest().await);
    for minute in 0..180 {
        device.edit(json!({"minute": minute}));
        device.sync(&world.backend).await;
        world.clock.advance(HOUR_MS / 60);
    }
    let snapshots = list(&world, &device).await;
    assert_eq!(snapshots.len(), 2);
    assert!(snapshots.iter().all(|found| found.kind == SnapshotKind::Automatic));
    // As it was before the first change of the hour.
    let preview = world
        .backend
        .preview_snapshot(&device.visitor, device.session, snapshots[0].id)
        .await
        .unwrap();
    assert_eq!(preview.differences[0].then, Some(json!(119)));
    // Nothing changes: nothing is taken.
    for _ in 0..10 {
        world.clock.advance(HOUR_MS);
        device.sync(&world.backend).await;
    }
    assert_eq!(list(&world, &device).await.len(), 2);
    device.edit(json!({"minute": "next day"}));
    device.sync(&world.backend).await;
    assert_eq!(list(&world, &device).await.len(), 3);
}

async fn snap_5_a_large_delete_is_preceded_by_a_snapshot(world: World) {
    let mut device = Device::new(&world.guest().await);
    let text = "many words ".repeat(500);
    device.write("/notes", &text);
    device.sync(&world.backend).await;
    device.write("/notes", &text[..3_000]);
    device.sync(&world.backend).await;
    assert_eq!(list(&world, &device).await, [], "less than half");
    device.write("/notes", "nothing");
    device.sync(&world.backend).await;
    let snapshots = list(&world, &device).await;
    assert_eq!(snapshots.len(), 1);
    assert_eq!(snapshots[0].kind, SnapshotKind::Automatic);
    let (visitor, session) = (device.visitor.clone(), device.session);
    world.backend.restore_snapshot(&visitor, session, snapshots[0].id).await.unwrap();
    device.sync(&world.backend).await;
    assert_eq!(device.json()["notes"], text[..3_000]);
    // A restore has a snapshot of its own.
    let kinds: Vec<_> = list(&world, &device).await.iter().map(|found| found.kind).collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds.contains(&SnapshotKind::BeforeRestore));
}

async fn snap_5_a_save_that_changes_nothing_adds_nothing(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    let request = device.request();
    device.sync(&world.backend).await;
    let before = world.backend.session(&device.visitor, device.session).await.unwrap();
    for _ in 0..5 {
        world.clock.advance(HOUR_MS);
        device.sync(&world.backend).await;
        let mut repeated = request.clone();
        repeated.active = false;
        world.backend.save(&device.visitor, repeated).await.unwrap();
    }
    assert_eq!(list(&world, &device).await, []);
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 1);
    let after = world.backend.session(&device.visitor, device.session).await.unwrap();
    assert_eq!(after, before);
}

async fn snap_1_an_offline_snapshot_is_of_its_own_time(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    let (visitor, session) = (device.visitor.clone(), device.session);
    let begun = world.backend.session(&visitor, session).await.unwrap().created_at_ms;
    world.clock.advance(2 * DAY_MS);
    let arrived = world.clock.now_ms();
    // A day before it arrives; before there was a session; tomorrow.
    for (at_ms, counts) in
        [(arrived - DAY_MS, arrived - DAY_MS), (i64::MIN, begun), (arrived + DAY_MS, arrived)]
    {
        let request = SnapshotRequest { at_ms, ..snapshot_request("offline") };
        let made = world.backend.create_snapshot(&visitor, session, request).await.unwrap();
        assert_eq!(made.created_at_ms, counts);
        assert_eq!(made.expires_at_ms, arrived + 30 * DAY_MS);
    }
}
