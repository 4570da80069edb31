//! SESS-3, SEC-5: a session is deleted, brought back, destroyed.

use holdfast_backend::Sweep;
use holdfast_domain::Error;
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::wire::SaveRequest;
use serde_json::json;
use sqlx::Row;

use crate::ageing::{pass, sweep};
use crate::harness::{DAY_MS, Device, Kind, World, contract};
use crate::life::{saved, state, step};

contract!(
    sess_3_a_deleted_session_is_shown_nowhere_and_its_owner_is_told,
    sess_3_undeleting_brings_back_everything_as_it_was,
    sess_3_after_the_grace_nothing_is_left_and_no_key,
    sess_3_a_destruction_that_broke_off_goes_on_and_is_not_undone,
    sess_3_a_destroyed_session_is_not_made_again_by_a_device_that_did_not_know,
    sess_3_a_clock_that_jumped_destroys_nothing,
    sync_6_a_destroyed_session_is_no_sign_of_an_older_copy,
);

const TABLES: [&str; 6] =
    ["context_updates", "context_bases", "context_clients", "snapshots", "restores", "activity"];

/// A session that has something in every table, and its key.
async fn full(world: &World) -> (Device, String) {
    let mut device = saved(world).await;
    let snapshot = device.snapshot("then");
    device.sync(&world.backend).await;
    for number in 0..40 {
        device.edit(json!({"a": number}));
        device.exchange(&world.backend).await.unwrap();
    }
    world.backend.restore_snapshot(&device.visitor, device.session, snapshot).await.unwrap();
    world
        .execute(
            "INSERT INTO context_bases (session, seq, id, at, size, log_bytes, key, format, payload, \
             checksum, coverage) SELECT session, seq, id, at, size, 1, key, format, payload, \
             checksum, payload FROM context_updates WHERE seq = 1",
        )
        .await;
    for table in TABLES {
        assert!(world.number(&format!("SELECT COUNT(*) FROM {table}")).await > 0, "{table}");
    }
    let key: String = world.rows("SELECT key FROM sessions").await[0].get(0);
    (device, key)
}

/// What the owner is answered, by different ways.
async fn answers(world: &World, device: &Device) -> Vec<Error> {
    let (backend, visitor, session) = (&world.backend, &device.visitor, device.session);
    let pull = SaveRequest { items: vec![], active: false, create: None, ..device.request() };
    let creating = device.beside_creating().request();
    let named = SaveRequest { items: vec![], rename: true, ..creating.clone() };
    let asked = SaveRequest { items: vec![], want_state_vector: true, ..creating.clone() };
    let peek = SaveRequest { items: vec![], active: false, ..creating.clone() };
    let answers = [
        backend.session(visitor, session).await.map(drop),
        backend.load(visitor, session).await.map(drop),
        backend.save(visitor, pull).await.map(drop),
        backend.save(visitor, creating).await.map(drop),
        backend.save(visitor, named).await.map(drop),
        backend.save(visitor, asked).await.map(drop),
        backend.save(visitor, peek).await.map(drop),
        backend.touch_session(visitor, session).await,
        backend.list_snapshots(visitor, session).await.map(drop),
        backend.context_json(visitor, session).await.map(drop),
        backend.step_session(visitor, session, Step::Complete).await.map(drop),
        backend.step_session(visitor, session, Step::Unarchive).await.map(drop),
    ];
    answers.into_iter().map(Result::unwrap_err).collect()
}

async fn sess_3_a_deleted_session_is_shown_nowhere_and_its_owner_is_told(world: World) {
    let device = saved(&world).await;
    let (visitor, session) = (&device.visitor, device.session);
    step(&world, &device, Step::Delete).await;
    let deleted_at_ms = world.backend.now_ms();
    let until_ms = deleted_at_ms + 7 * DAY_MS;
    for answer in answers(&world, &device).await {
        assert_eq!(answer, Error::Gone { until_ms: Some(until_ms) });
    }
    assert_eq!(world.backend.list_sessions(visitor).await.unwrap(), []);
    assert_eq!(world.backend.share(visitor, "units", json!("metric")).await.unwrap(), 0);
    let gone = world.backend.gone_sessions(visitor).await.unwrap();
    let [gone] = gone.as_slice() else { panic!("{gone:?}") };
    assert_eq!((gone.id, gone.name.as_str()), (session, "My session"));
    assert_eq!((gone.deleted_at_ms, gone.until_ms), (deleted_at_ms, until_ms));
    // Nobody else learns that there was one.
    let stranger = Device { visitor: world.guest().await, ..device.beside() };
    for answer in answers(&world, &stranger).await {
        assert_eq!(answer, Error::NotFound);
    }
    assert_eq!(world.backend.gone_sessions(&stranger.visitor).await.unwrap(), []);
    // Deleting again does not begin the grace again.
    world.clock.advance(DAY_MS);
    step(&world, &device, Step::Delete).await;
    assert_eq!(world.backend.gone_sessions(visitor).await.unwrap()[0].until_ms, until_ms);
}

async fn sess_3_undeleting_brings_back_everything_as_it_was(mut world: World) {
    let (mut device, _) = full(&world).await;
    device.sync(&world.backend).await;
    step(&world, &device, Step::Complete).await;
    let everything = async |world: &World| {
        let (visitor, session) = (&device.visitor, device.session);
        let mut summary = world.backend.session(visitor, session).await.unwrap();
        summary.updated_at_ms = 0;
        let snapshots = world.backend.list_snapshots(visitor, session).await.unwrap();
        let json = world.backend.context_json(visitor, session).await.unwrap();
        (summary, snapshots, json)
    };
    let before = everything(&world).await;
    step(&world, &device, Step::Delete).await;
    pass(&world, 7 * DAY_MS - 1).await;
    world.restart().await;
    assert_eq!(step(&world, &device, Step::Undelete).await, SessionState::Completed);
    assert_eq!(everything(&world).await, before);
    pass(&world, 30 * DAY_MS).await;
    assert_eq!(state(&world, &device).await, SessionState::Completed);

    // One that was active is used again, however long it was gone.
    step(&world, &device, Step::Reopen).await;
    step(&world, &device, Step::Delete).await;
    pass(&world, 3 * DAY_MS).await;
    step(&world, &device, Step::Undelete).await;
    pass(&world, DAY_MS - 1).await;
    assert_eq!(state(&world, &device).await, SessionState::Active);
    device.edit(json!({"after": true}));
    device.sync(&world.backend).await;
}

async fn sess_3_after_the_grace_nothing_is_left_and_no_key(mut world: World) {
    let (device, key) = full(&world).await;
    let mut kept = Device::new(&device.visitor);
    kept.edit(json!({"kept": 1}));
    kept.sync(&world.backend).await;
    let rows = async |table: &str| {
        world
            .number(&format!("SELECT COUNT(*) FROM {table} WHERE session = '{}'", kept.session))
            .await
    };
    let before = [rows("context_updates").await, rows("context_clients").await];
    let wrapped: Vec<u8> =
        world.rows(&format!("SELECT wrapped FROM keys WHERE id = '{key}'")).await[0].get(0);
    step(&world, &device, Step::Delete).await;
    pass(&world, 7 * DAY_MS - 1).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions WHERE state = 'deleted'").await, 1);
    world.clock.advance(1);
    assert_eq!(sweep(&world.backend).await.destroyed, 1);

    let id = device.session;
    for table in TABLES {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE session = '{id}'");
        assert_eq!(world.number(&sql).await, 0, "{table}");
    }
    assert_eq!(world.number(&format!("SELECT COUNT(*) FROM sessions WHERE id = '{id}'")).await, 0);
    assert_eq!(world.number(&format!("SELECT COUNT(*) FROM keys WHERE id = '{key}'")).await, 0);
    assert_eq!([rows("context_updates").await, rows("context_clients").await], before);
    for answer in answers(&world, &device).await {
        assert_eq!(answer, Error::Gone { until_ms: None });
    }
    let undelete = world.backend.step_session(&device.visitor, id, Step::Undelete).await;
    assert_eq!(undelete, Err(Error::Gone { until_ms: None }));
    assert_eq!(world.backend.gone_sessions(&device.visitor).await.unwrap(), []);
    let stranger = Device { visitor: world.guest().await, ..device.beside() };
    for answer in answers(&world, &stranger).await {
        assert_eq!(answer, Error::NotFound);
    }
    // Not even the wrapped key stands in the file any more. (Postgres removes old rows in its own time.)
    if world.database.kind == Kind::Sqlite {
        world.backend.close().await;
        world.restart().await;
        let bytes = world.database.stored_bytes();
        assert!(!bytes.windows(wrapped.len()).any(|window| window == wrapped));
    }
}

async fn sess_3_a_destruction_that_broke_off_goes_on_and_is_not_undone(world: World) {
    let (device, _) = full(&world).await;
    step(&world, &device, Step::Delete).await;
    // What the first transaction of a destruction writes, and some of the others.
    world.execute("UPDATE sessions SET state_before = NULL").await;
    world.execute("DELETE FROM context_updates WHERE seq < 5").await;
    let undelete =
        world.backend.step_session(&device.visitor, device.session, Step::Undelete).await;
    assert_eq!(undelete, Err(Error::Gone { until_ms: None }));
    assert_eq!(world.backend.gone_sessions(&device.visitor).await.unwrap(), []);
    assert_eq!(sweep(&world.backend).await.destroyed, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 0);
}

async fn sess_3_a_destroyed_session_is_not_made_again_by_a_device_that_did_not_know(world: World) {
    let device = saved(&world).await;
    let mut offline = device.beside_creating();
    offline.load(&world.backend).await;
    offline.edit(json!({"offline": 1}));
    step(&world, &device, Step::Delete).await;
    let until_ms = Some(world.backend.now_ms() + 7 * DAY_MS);
    let answer = offline.exchange(&world.backend).await.map(drop);
    assert_eq!(answer, Err(Error::Gone { until_ms }));
    pass(&world, 7 * DAY_MS).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 0);
    let answer = offline.exchange(&world.backend).await.map(drop);
    assert_eq!(answer, Err(Error::Gone { until_ms: None }));
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 0);
}

async fn sess_3_a_clock_that_jumped_destroys_nothing(world: World) {
    let device = saved(&world).await;
    sweep(&world.backend).await;
    step(&world, &device, Step::Delete).await;
    world.clock.advance(30 * DAY_MS);
    assert!(matches!(world.backend.sweep().await.unwrap(), Sweep::Waits { .. }));
    world.clock.advance(-30 * DAY_MS);
    assert_eq!(step(&world, &device, Step::Undelete).await, SessionState::Active);
}

async fn sync_6_a_destroyed_session_is_no_sign_of_an_older_copy(world: World) {
    let device = saved(&world).await;
    let life = world.backend.incarnation();
    step(&world, &device, Step::Delete).await;
    pass(&world, 7 * DAY_MS).await;
    // Whoever asks: its owner, and somebody whose sign-in is another one now.
    let lost_sign_in = Device { visitor: world.guest().await, ..device.beside() };
    for asking in [device.request(), SaveRequest { create: None, ..device.request() }] {
        assert!(device.have.is_some());
        world.backend.save(&device.visitor, asking.clone()).await.unwrap_err();
        world.backend.save(&lost_sign_in.visitor, asking).await.unwrap_err();
    }
    assert_eq!(world.backend.incarnation(), life);
}
