//! SEC-5: the master key is changed while servers run.

use holdfast_backend::{Backend, MasterKey, OpenError, Rotation, RotationError, Step};
use holdfast_domain::account::GuestWork;
use holdfast_domain::shared::{Preferences, Theme};
use serde_json::json;

use crate::harness::{Device, EMAIL, HOUR_MS, KEY, PASSWORD, World, contract, eventually, sign_in};

contract!(
    sec_5_a_rotation_leaves_everything_as_it_was,
    sec_5_a_rotation_goes_on_after_each_step,
    sec_5_servers_go_on_while_the_master_key_changes,
    sec_5_a_server_that_slept_learns_the_next_master_key,
    sec_5_a_bridge_is_burnt_after_a_while,
    sec_5_a_rotation_to_a_key_in_use_or_left_is_refused,
    sec_5_a_damaged_key_does_not_hold_up_a_rotation,
    sec_5_a_damaged_bridge_is_made_anew,
    sec_5_keys_for_purposes_are_those_of_the_build_before,
    sec_5_nothing_is_begun_without_the_master_key;
    postgres: sec_5_no_key_is_stored_under_the_key_before,
);

const NEXT: &str = "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf";
const THIRD: &str = "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf";

fn key(text: &str) -> MasterKey {
    MasterKey::from_hex(text).unwrap()
}

async fn finish(rotation: &mut Rotation) {
    while rotation.step().await.unwrap() == Step::More {}
}

async fn rotate(backend: &Backend, to: &str) {
    finish(&mut backend.rotate_keys(&key(to)).await.unwrap()).await;
}

/// Rows of `keys` under the key.
async fn under(world: &World, master: &str) -> i64 {
    let master = key(master).id();
    world.number(&format!("SELECT COUNT(*) FROM keys WHERE master = '{master}'")).await
}

async fn rows(world: &World) -> i64 {
    world.number("SELECT COUNT(*) FROM keys").await
}

/// A session with one change in it.
async fn session(world: &World, backend: &Backend) -> Device {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(backend).await;
    device
}

async fn reads(backend: &Backend, device: &Device) {
    let json = backend.context_json(&device.visitor, device.session).await.unwrap();
    assert_eq!(json, device.json());
}

async fn sec_5_a_rotation_leaves_everything_as_it_was(mut world: World) {
    let backend = &world.backend;
    let token = backend.issue_token();
    let mut device = Device::new(&backend.visitor(token.as_str()).unwrap());
    device.edit(json!({"a": 1}));
    device.sync(backend).await;
    device.visitor = world.register(&device.visitor, EMAIL).await;
    backend.share(&device.visitor, "shared", json!(1)).await.unwrap();
    device.sync(backend).await;
    backend.set_preferences(&device.visitor, &Preferences { theme: Theme::Dark }).await.unwrap();
    let before = backend.verify_audit(None).await.unwrap();

    rotate(backend, NEXT).await;
    assert_eq!(under(&world, NEXT).await, rows(&world).await);
    backend.close().await;
    world.backend = world.open_with_key(NEXT).await.unwrap();
    let backend = &world.backend;
    backend.visitor(token.as_str()).unwrap();
    reads(backend, &device).await;
    let preferences = backend.preferences(&device.visitor).await.unwrap();
    assert_eq!(preferences.theme, Theme::Dark);
    // Shared again under the same key it takes the same place.
    backend.share(&device.visitor, "shared", json!(2)).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM shared_values").await, 1);
    let visitor = world.sign_in(EMAIL, PASSWORD).await.unwrap();
    assert_eq!(backend.list_sessions(&visitor).await.unwrap().len(), 1);
    // The beginning and the end are in the same chain, with what came before and after: sharing and signing in.
    let after = backend.verify_audit(Some(&before)).await.unwrap();
    assert_eq!(after.seq, before.seq + 4);
    let kinds = world.rows("SELECT kind, account FROM audit ORDER BY seq").await;
    let kinds: Vec<(String, String)> =
        kinds.iter().map(|row| (sqlx::Row::get(row, 0), sqlx::Row::get(row, 1))).collect();
    for kind in ["key_rotation_started", "key_rotation_finished"] {
        assert!(kinds.contains(&(kind.into(), String::new())), "{kinds:?}");
    }
}

async fn sec_5_a_rotation_goes_on_after_each_step(mut world: World) {
    world.settings.rotated_keys = 3;
    world.restart().await;
    let mut devices = Vec::new();
    for _ in 0..5 {
        devices.push(session(&world, &world.backend).await);
    }
    let all = rows(&world).await;
    assert_eq!(all, 20, "two for each session, ten for purposes");
    let mut left = all;
    loop {
        // Each time by a process of its own, which ends after a step.
        let Ok(server) = world.open_with_key(KEY).await else { break };
        assert_eq!(rows(&world).await, all);
        for device in &devices {
            reads(&server, device).await;
        }
        let mut rotation = server.rotate_keys(&key(NEXT)).await.unwrap();
        assert_eq!(server.unfinished_rotation().await.unwrap(), Some(key(NEXT).id()));
        let opened = world.open_with_key(NEXT).await;
        assert!(matches!(opened, Err(OpenError::UnfinishedRotation { .. })), "{:?}", opened.err());
        let other = server.rotate_keys(&key(THIRD)).await;
        assert_eq!(other.err(), Some(RotationError::Unfinished(key(NEXT).id())));
        rotation.step().await.unwrap();
        let now = all - under(&world, NEXT).await;
        assert!(now < left && (now - left).abs() <= 3, "{left} then {now}");
        left = now;
        if left == 0 {
            while rotation.step().await.unwrap() == Step::More {}
        }
        server.close().await;
    }
    assert_eq!(left, 0);
    let server = world.open_with_key(NEXT).await.unwrap();
    assert_eq!(server.unfinished_rotation().await.unwrap(), None);
    for device in &devices {
        reads(&server, device).await;
    }
    let Err(error) = world.open_with_key(KEY).await else { panic!("it opened") };
    assert!(matches!(error, OpenError::MovedMasterKey { .. }), "{error}");
    assert!(error.to_string().contains(&key(NEXT).id()), "{error}");
    assert_eq!(rows(&world).await, all, "one beginning, one end, nothing twice");
    let told = "SELECT COUNT(*) FROM audit WHERE kind LIKE 'key_rotation%'";
    assert_eq!(world.number(told).await, 2);
}

async fn sec_5_servers_go_on_while_the_master_key_changes(mut world: World) {
    world.settings.rotated_keys = 2;
    world.restart().await;
    let (one, other) = (world.backend.clone(), world.another_server().await);
    let mut devices = vec![session(&world, &one).await, session(&world, &other).await];
    let command = world.another_server().await;
    let mut rotation = command.rotate_keys(&key(NEXT)).await.unwrap();
    let mut step = Step::More;
    while step == Step::More {
        for server in [&one, &other] {
            // What is new is under the next key, though this server was not told of it.
            let before = under(&world, NEXT).await;
            devices.push(session(&world, server).await);
            assert_eq!(under(&world, NEXT).await, before + 2);
        }
        // A server that was started in the middle reads what is under either.
        let started = world.open_with_key(KEY).await.unwrap();
        for device in &devices {
            reads(&started, device).await;
        }
        started.close().await;
        step = rotation.step().await.unwrap();
    }
    assert_eq!(under(&world, NEXT).await, rows(&world).await);
    devices.push(session(&world, &one).await);
    for server in [&one, &other] {
        for device in &mut devices {
            device.edit(json!({"after": 1}));
            device.sync(server).await;
        }
    }
    let started = world.open_with_key(NEXT).await.unwrap();
    for device in &devices {
        reads(&started, device).await;
    }
}

async fn sec_5_a_server_that_slept_learns_the_next_master_key(world: World) {
    let mut device = session(&world, &world.backend).await;
    let slept = world.another_server().await;
    rotate(&world.backend, NEXT).await;
    let third = world.open_with_key(NEXT).await.unwrap();
    rotate(&third, THIRD).await;
    assert_eq!(under(&world, THIRD).await, rows(&world).await);
    // Over both bridges.
    reads(&slept, &device).await;
    device.edit(json!({"b": 1}));
    device.sync(&slept).await;
    let other = session(&world, &slept).await;
    let opened = world.open_with_key(THIRD).await.unwrap();
    reads(&opened, &device).await;
    reads(&opened, &other).await;
    let refused = world.open_with_key(NEXT).await;
    assert!(matches!(refused, Err(OpenError::MovedMasterKey { .. })));
}

async fn sec_5_a_bridge_is_burnt_after_a_while(world: World) {
    let device = session(&world, &world.backend).await;
    let (followed, slept) = (world.another_server().await, world.another_server().await);
    rotate(&world.backend, NEXT).await;
    let bridges = "SELECT COUNT(*) FROM rotations WHERE wrapped IS NOT NULL";
    followed.sweep().await.unwrap();
    assert_eq!(world.number(bridges).await, 1);
    world.clock.advance(HOUR_MS);
    world.backend.sweep().await.unwrap();
    assert_eq!(world.number(bridges).await, 0);
    // Whoever looked in time goes on; who did not says that it is not the content that is damaged.
    reads(&followed, &device).await;
    let error = slept.context_json(&device.visitor, device.session).await.unwrap_err();
    assert_eq!(error.code(), "unavailable");
    reads(&world.open_with_key(NEXT).await.unwrap(), &device).await;
    let refused = world.open_with_key(KEY).await;
    assert!(matches!(refused, Err(OpenError::MovedMasterKey { .. })));
}

async fn sec_5_a_rotation_to_a_key_in_use_or_left_is_refused(world: World) {
    let refused = world.backend.rotate_keys(&key(KEY)).await;
    assert_eq!(refused.err(), Some(RotationError::InUse));
    rotate(&world.backend, NEXT).await;
    let backend = world.open_with_key(NEXT).await.unwrap();
    let refused = backend.rotate_keys(&key(KEY)).await;
    assert_eq!(refused.err(), Some(RotationError::UsedBefore));
    assert_eq!(backend.unfinished_rotation().await.unwrap(), None);
}

async fn sec_5_a_damaged_key_does_not_hold_up_a_rotation(world: World) {
    let broken = session(&world, &world.backend).await;
    let sound = session(&world, &world.backend).await;
    let condition = format!("id = (SELECT key FROM sessions WHERE id = '{}')", broken.session);
    world.flip("keys", "wrapped", &condition).await;
    let mut rotation = world.backend.rotate_keys(&key(NEXT)).await.unwrap();
    finish(&mut rotation).await;
    let row = &world.rows(&format!("SELECT id FROM keys WHERE {condition}")).await[0];
    let id: String = sqlx::Row::get(row, 0);
    assert_eq!(rotation.damaged().collect::<Vec<_>>(), [id]);
    assert_eq!(under(&world, NEXT).await, rows(&world).await - 1);
    let backend = world.open_with_key(NEXT).await.unwrap();
    reads(&backend, &sound).await;
    let mut broken = broken;
    broken.edit(json!({"b": 1}));
    let error = backend.save(&broken.visitor, broken.request()).await.unwrap_err();
    assert_eq!(error.code(), "damaged");
}

async fn sec_5_a_damaged_bridge_is_made_anew(world: World) {
    let device = session(&world, &world.backend).await;
    let mut rotation = world.backend.rotate_keys(&key(NEXT)).await.unwrap();
    world.flip("rotations", "wrapped", "1 = 1").await;
    let other = world.another_server().await;
    let mut refused = Device::new(&world.guest().await);
    refused.edit(json!({"a": 1}));
    assert_eq!(
        other.save(&refused.visitor, refused.request()).await.unwrap_err().code(),
        "damaged"
    );
    assert!(other.damaged().contains(&("rotations", key(NEXT).id())));
    // Saying the command again heals it.
    world.backend.rotate_keys(&key(NEXT)).await.unwrap();
    refused.sync(&other).await;
    finish(&mut rotation).await;
    reads(&other, &device).await;
}

/// A database that was made before these keys had rows goes on with the same ones.
async fn sec_5_keys_for_purposes_are_those_of_the_build_before(world: World) {
    let token = world.backend.issue_token();
    let mut device = Device::new(&world.backend.visitor(token.as_str()).unwrap());
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    world.register(&device.visitor, EMAIL).await;
    world.backend.close().await;
    world.execute("DELETE FROM keys WHERE id LIKE 'purpose:%'").await;
    world.execute("DELETE FROM meta WHERE name = 'wrapping_key'").await;
    let (one, other) = tokio::join!(world.open_with_key(KEY), world.open_with_key(KEY));
    assert_eq!(world.number("SELECT COUNT(*) FROM keys WHERE id LIKE 'purpose:%'").await, 10);
    for backend in [one.unwrap(), other.unwrap()] {
        let guest = backend.visitor(token.as_str()).unwrap();
        sign_in(&backend, &guest, EMAIL, PASSWORD, GuestWork::Leave).await.unwrap();
        backend.verify_audit(None).await.unwrap();
        backend.close().await;
    }
    // One that is damaged has a double. Where that is gone too it is told, and none is made in its place.
    world.flip("keys", "wrapped", "id = 'purpose:audit'").await;
    let backend = world.open_with_key(KEY).await.unwrap();
    assert_eq!(backend.damaged(), [("keys", "purpose:audit".to_owned())]);
    backend.verify_audit(None).await.unwrap();
    rotate(&backend, NEXT).await;
    backend.close().await;
    let backend = world.open_with_key(NEXT).await.unwrap();
    backend.verify_audit(None).await.unwrap();
    backend.close().await;
    world.execute("DELETE FROM keys WHERE id = 'purpose:audit:2'").await;
    let Err(error) = world.open_with_key(NEXT).await else { panic!("it opened") };
    assert!(matches!(error, OpenError::DamagedKey { .. }), "{error}");
    assert!(error.to_string().contains("row purpose:audit of the table keys"), "{error}");
}

async fn sec_5_nothing_is_begun_without_the_master_key(world: World) {
    session(&world, &world.backend).await;
    let url = world.database.url();
    let wanted = Some(key(KEY).id());
    assert_eq!(Backend::wanted_master_key(&url).await.unwrap(), wanted);
    // What is wrapped says so too, where the database does not.
    world.execute("DELETE FROM meta").await;
    assert_eq!(Backend::wanted_master_key(&url).await.unwrap(), wanted);
    let refused = world.open_with_key(NEXT).await;
    assert!(matches!(refused, Err(OpenError::WrongMasterKey { .. })));
    assert_eq!(world.number("SELECT COUNT(*) FROM meta").await, 0, "nothing was written");
    let missing = format!("sqlite:{}", world.database.folder.path().join("missing.db").display());
    assert_eq!(Backend::wanted_master_key(&missing).await.unwrap(), None);
    assert!(!world.database.folder.path().join("missing.db").exists());
}

/// SQLite has one writer: there nobody stores a key while the change begins.
async fn sec_5_no_key_is_stored_under_the_key_before(world: World) {
    let visitor = world.guest().await;
    let first = session(&world, &world.backend).await;
    // A save has stored its key under the one before, and cannot commit yet.
    let mut held = world.database.connect().await;
    let lock = "BEGIN; LOCK TABLE sessions IN SHARE ROW EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut held).await.unwrap();
    let backend = world.backend.clone();
    let saving = tokio::spawn(async move {
        let mut device = Device::new(&visitor);
        device.edit(json!({"a": 1}));
        device.sync(&backend).await;
        device
    });
    eventually("the save waits", async || waiting(&world).await == 1).await;
    let command = world.another_server().await;
    let rotating = tokio::spawn(async move { rotate(&command, NEXT).await });
    eventually("the change waits for it", async || {
        rotating.is_finished() || waiting(&world).await == 2
    })
    .await;
    sqlx::raw_sql("ROLLBACK").execute(&mut held).await.unwrap();
    rotating.await.unwrap();
    let second = saving.await.unwrap();
    assert_eq!(under(&world, KEY).await, 0);
    let opened = world.open_with_key(NEXT).await.unwrap();
    for device in [first, second] {
        reads(&opened, &device).await;
    }
}

/// How many transactions wait for a lock.
async fn waiting(world: &World) -> i64 {
    let sql = "SELECT COUNT(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    world.number(sql).await
}
