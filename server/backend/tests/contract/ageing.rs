//! SESS-1: what nobody uses is abandoned and then archived, by the server's clock.

use holdfast_backend::{Backend, Sweep, Swept};
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::wire::SaveRequest;
use serde_json::json;

use crate::harness::{DAY_MS, Device, HOUR_MS, World, contract};
use crate::life::{saved, state, step};

contract!(
    sess_1_after_a_day_a_session_is_abandoned_and_after_a_week_archived,
    sess_1_opening_an_abandoned_session_makes_it_active,
    sess_1_a_sync_that_nobody_made_keeps_no_session_active,
    sess_1_edits_made_offline_come_into_an_abandoned_session,
    sess_1_the_periods_are_settings,
    sess_1_what_is_completed_or_archived_does_not_age,
    sess_1_a_clock_that_jumped_abandons_nothing,
    ops_3_one_node_sweeps_at_a_time,
);

pub(crate) async fn sweep(backend: &Backend) -> Swept {
    match backend.sweep().await.unwrap() {
        Sweep::Done(swept) => swept,
        other => panic!("nothing was swept: {other:?}"),
    }
}

/// A server that sweeps now and then while this time passes.
pub(crate) async fn pass(world: &World, mut ms: i64) {
    sweep(&world.backend).await;
    while ms > 0 {
        let by = ms.min(DAY_MS);
        world.clock.advance(by);
        sweep(&world.backend).await;
        ms -= by;
    }
}

async fn sess_1_after_a_day_a_session_is_abandoned_and_after_a_week_archived(world: World) {
    let device = saved(&world).await;
    let session = async || world.backend.session(&device.visitor, device.session).await.unwrap();
    let before = session().await;
    pass(&world, DAY_MS - 1).await;
    assert_eq!(session().await, before);
    world.clock.advance(1);
    assert_eq!(sweep(&world.backend).await, Swept { abandoned: 1, ..Swept::default() });
    let abandoned = session().await;
    assert_eq!(abandoned.state, SessionState::Abandoned);
    // Nobody changed or used it.
    assert_eq!(abandoned.updated_at_ms, before.updated_at_ms);
    assert_eq!(abandoned.active_at_ms, before.active_at_ms);
    assert_eq!(sweep(&world.backend).await, Swept::default());

    pass(&world, 7 * DAY_MS - 1).await;
    assert_eq!(state(&world, &device).await, SessionState::Abandoned);
    world.clock.advance(1);
    assert_eq!(sweep(&world.backend).await, Swept { archived: 1, ..Swept::default() });
    assert_eq!(state(&world, &device).await, SessionState::Archived);
    assert_eq!(sweep(&world.backend).await, Swept::default());
    // Taken out it is used: it does not go back with the next sweep.
    step(&world, &device, Step::Unarchive).await;
    assert_eq!(sweep(&world.backend).await, Swept::default());
    assert_eq!(state(&world, &device).await, SessionState::Active);
}

async fn sess_1_opening_an_abandoned_session_makes_it_active(world: World) {
    let device = saved(&world).await;
    for by_save in [false, true] {
        pass(&world, DAY_MS).await;
        assert_eq!(state(&world, &device).await, SessionState::Abandoned);
        if by_save {
            let here = SaveRequest { items: vec![], active: true, ..device.request() };
            let reply = world.backend.save(&device.visitor, here).await.unwrap();
            assert_eq!(reply.news.state, SessionState::Active);
        } else {
            world.backend.touch_session(&device.visitor, device.session).await.unwrap();
        }
        assert_eq!(state(&world, &device).await, SessionState::Active);
        pass(&world, DAY_MS - 1).await;
        assert_eq!(state(&world, &device).await, SessionState::Active);
        world.clock.advance(1);
    }
}

async fn sess_1_a_sync_that_nobody_made_keeps_no_session_active(world: World) {
    let mut device = saved(&world).await;
    pass(&world, DAY_MS - HOUR_MS).await;
    let pull = SaveRequest { items: vec![], active: false, ..device.request() };
    world.backend.save(&device.visitor, pull.clone()).await.unwrap();
    device.load(&world.backend).await;
    pass(&world, HOUR_MS).await;
    let reply = world.backend.save(&device.visitor, pull).await.unwrap();
    assert_eq!(reply.news.state, SessionState::Abandoned);
    assert_eq!(state(&world, &device).await, SessionState::Abandoned);
}

async fn sess_1_edits_made_offline_come_into_an_abandoned_session(world: World) {
    let device = saved(&world).await;
    let mut offline = device.beside();
    offline.load(&world.backend).await;
    offline.edit(json!({"offline": 1}));
    pass(&world, DAY_MS).await;
    assert_eq!(state(&world, &device).await, SessionState::Abandoned);
    let reply = offline.exchange(&world.backend).await.unwrap();
    // A person made them.
    assert_eq!(reply.news.state, SessionState::Active);
    let json = world.backend.context_json(&device.visitor, device.session).await.unwrap();
    assert_eq!(json, json!({"a": 1, "offline": 1}));
}

async fn sess_1_the_periods_are_settings(mut world: World) {
    world.settings.abandon_hours = 2;
    world.settings.archive_days = 1;
    world.restart().await;
    let device = saved(&world).await;
    pass(&world, 2 * HOUR_MS).await;
    assert_eq!(state(&world, &device).await, SessionState::Abandoned);
    pass(&world, DAY_MS).await;
    assert_eq!(state(&world, &device).await, SessionState::Archived);
}

async fn sess_1_what_is_completed_or_archived_does_not_age(world: World) {
    let (done, away) = (saved(&world).await, saved(&world).await);
    step(&world, &done, Step::Complete).await;
    step(&world, &away, Step::Archive).await;
    pass(&world, 20 * DAY_MS).await;
    assert_eq!(state(&world, &done).await, SessionState::Completed);
    assert_eq!(state(&world, &away).await, SessionState::Archived);
}

async fn sess_1_a_clock_that_jumped_abandons_nothing(world: World) {
    let device = saved(&world).await;
    sweep(&world.backend).await;
    world.clock.advance(30 * DAY_MS);
    for _ in 0..2 {
        assert!(matches!(world.backend.sweep().await.unwrap(), Sweep::Waits { .. }));
    }
    world.clock.advance(-30 * DAY_MS);
    assert!(matches!(world.backend.sweep().await.unwrap(), Sweep::Waits { .. }));
    assert_eq!(state(&world, &device).await, SessionState::Active);
    world.clock.advance(DAY_MS);
    assert_eq!(sweep(&world.backend).await.abandoned, 1);
}

async fn ops_3_one_node_sweeps_at_a_time(world: World) {
    let other = world.another_server().await;
    let mut devices: Vec<Device> = Vec::new();
    for _ in 0..20 {
        devices.push(saved(&world).await);
    }
    pass(&world, DAY_MS - 1).await;
    world.clock.advance(1);
    let swept = tokio::join!(world.backend.sweep(), other.sweep());
    let abandoned = |sweep| match sweep {
        Ok(Sweep::Done(swept)) => swept.abandoned,
        Ok(Sweep::Elsewhere) => 0,
        other => panic!("{other:?}"),
    };
    assert_eq!(abandoned(swept.0) + abandoned(swept.1), 20);

    // One that was killed in the middle keeps the others out for a while, but not for ever.
    let until = world.backend.now_ms() + 10 * 60 * 1000;
    let lease = format!("INSERT INTO meta (name, value) VALUES ('sweep_lease', 'gone {until}')");
    world.execute(&lease).await;
    for backend in [&world.backend, &other] {
        assert_eq!(backend.sweep().await.unwrap(), Sweep::Elsewhere);
    }
    world.clock.advance(10 * 60 * 1000);
    assert_eq!(sweep(&other).await, Swept::default());
    // Given back, the next one need not wait. Nor for one of a clock that was a year ahead.
    assert_eq!(sweep(&world.backend).await, Swept::default());
    let ahead = world.backend.now_ms() + 365 * DAY_MS;
    let lease = format!("INSERT INTO meta (name, value) VALUES ('sweep_lease', 'gone {ahead}')");
    world.execute(&lease).await;
    assert_eq!(sweep(&world.backend).await, Swept::default());
}
