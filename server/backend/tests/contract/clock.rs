//! A server whose clock was set wrong, and is set right again.

use holdfast_backend::{Sweep, Swept};
use serde_json::json;

use crate::harness::{DAY_MS, Device, HOUR_MS, World, contract};

contract!(
    snap_1_nothing_is_swept_for_a_day_after_the_clock_jumped,
    snap_1_a_sweep_that_comes_now_and_then_sweeps,
    snap_5_after_a_clock_that_was_ahead_there_is_a_snapshot_an_hour,
    sess_1_after_a_clock_that_was_ahead_a_session_is_used_now,
);

/// A session with a snapshot that is kept for thirty days.
async fn with_snapshot(world: &World) -> Device {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.snapshot("kept for a month");
    device.sync(&world.backend).await;
    device
}

async fn sweep(world: &World) -> Sweep {
    world.backend.sweep().await.unwrap()
}

/// How many snapshots a sweep removed that was not kept from it.
fn removed(sweep: Sweep) -> u64 {
    let Sweep::Done(Swept { snapshots, .. }) = sweep else { panic!("it waits: {sweep:?}") };
    snapshots
}

async fn snapshots(world: &World, device: &Device) -> usize {
    world.backend.list_snapshots(&device.visitor, device.session).await.unwrap().len()
}

async fn snap_1_nothing_is_swept_for_a_day_after_the_clock_jumped(mut world: World) {
    let device = with_snapshot(&world).await;
    assert_eq!(removed(sweep(&world).await), 0);
    world.clock.advance(31 * DAY_MS);
    assert_eq!(sweep(&world).await, Sweep::Waits { jumped_ms: Some(31 * DAY_MS) });
    world.clock.advance(HOUR_MS);
    // A start changes nothing about it.
    world.restart().await;
    assert_eq!(sweep(&world).await, Sweep::Waits { jumped_ms: None });
    assert_eq!(snapshots(&world, &device).await, 0);
    // It was a mistake.
    world.clock.advance(-31 * DAY_MS);
    assert_eq!(snapshots(&world, &device).await, 1);
    assert_eq!(sweep(&world).await, Sweep::Waits { jumped_ms: Some(-31 * DAY_MS) });

    // Now it is the truth: after a day it is believed.
    world.clock.advance(31 * DAY_MS);
    assert_eq!(sweep(&world).await, Sweep::Waits { jumped_ms: Some(31 * DAY_MS) });
    world.clock.advance(DAY_MS - 1);
    assert_eq!(sweep(&world).await, Sweep::Waits { jumped_ms: None });
    world.clock.advance(1);
    assert_eq!(removed(sweep(&world).await), 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 0);
}

async fn snap_1_a_sweep_that_comes_now_and_then_sweeps(world: World) {
    let _device = with_snapshot(&world).await;
    let mut all = 0;
    for _ in 0..40 {
        all += removed(sweep(&world).await);
        world.clock.advance(DAY_MS * 3 / 4);
    }
    assert_eq!(all, 0);
    for _ in 0..2 {
        all += removed(sweep(&world).await);
        world.clock.advance(DAY_MS * 3 / 4);
    }
    assert_eq!(all, 1);
}

async fn snap_5_after_a_clock_that_was_ahead_there_is_a_snapshot_an_hour(world: World) {
    let mut device = Device::new(&world.guest().await);
    let mut change = async |world: &World, number: i64| {
        device.edit(json!({"number": number}));
        device.sync(&world.backend).await;
        snapshots(world, &device).await
    };
    change(&world, 1).await;
    world.clock.advance(3_650 * DAY_MS);
    change(&world, 2).await;
    world.clock.advance(-3_650 * DAY_MS);
    let before = change(&world, 3).await;
    world.clock.advance(HOUR_MS);
    assert_eq!(change(&world, 4).await, before + 1);
}

async fn sess_1_after_a_clock_that_was_ahead_a_session_is_used_now(world: World) {
    let visitor = world.guest().await;
    let [mut ahead, mut now] = [Device::new(&visitor), Device::new(&visitor)];
    for device in [&mut ahead, &mut now] {
        device.edit(json!({"a": 1}));
        device.sync(&world.backend).await;
    }
    world.clock.advance(3_650 * DAY_MS);
    world.backend.touch_session(&visitor, ahead.session).await.unwrap();
    world.clock.advance(-3_650 * DAY_MS);
    let used_at = async || {
        let session = world.backend.session(&visitor, ahead.session).await.unwrap();
        session.active_at_ms
    };
    let right = world.backend.now_ms();
    assert!(used_at().await > right);
    world.backend.touch_session(&visitor, ahead.session).await.unwrap();
    assert_eq!(used_at().await, right);
    // The one that is used last is the first of the list.
    world.clock.advance(60_000);
    now.edit(json!({"a": 2}));
    now.sync(&world.backend).await;
    let listed = world.backend.list_sessions(&visitor).await.unwrap();
    assert_eq!(listed[0].id, now.session);
}
