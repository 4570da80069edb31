//! SYNC-4: values shared into all of the account's own active sessions.

use std::sync::{Arc, Condvar, Mutex};

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use serde_json::json;

use crate::harness::{Device, World, contract, eventually};

contract!(
    sync_4_a_value_reaches_every_own_active_session,
    sync_4_sessions_created_later_get_it,
    sync_4_what_changed_since_is_not_written_over,
    sync_4_sessions_reopened_later_get_it,
    sync_4_keys_and_values_are_checked,
    sync_4_shared_values_are_bounded,
    sync_4_two_servers_do_not_write_over_what_changed_between_them,
);

async fn sync_4_a_value_reaches_every_own_active_session(world: World) {
    let visitor = world.guest().await;
    let (mut one, mut two) = (Device::new(&visitor), Device::new(&visitor));
    let mut foreign = Device::new(&world.guest().await);
    for device in [&mut one, &mut two, &mut foreign] {
        device.edit(json!({"own": 1}));
        device.sync(&world.backend).await;
    }
    let written = world.backend.share(&visitor, "home", json!({"city": "Bern"})).await.unwrap();
    assert_eq!(written, 2);
    for device in [&mut one, &mut two, &mut foreign] {
        device.sync(&world.backend).await;
    }
    let expected = json!({"own": 1, "home": {"city": "Bern"}});
    assert_eq!((one.json(), two.json()), (expected.clone(), expected));
    assert_eq!(foreign.json(), json!({"own": 1}));

    // The same again is written nowhere twice, and null takes it away.
    let rows = world.number("SELECT COUNT(*) FROM context_updates").await;
    world.backend.share(&visitor, "home", json!({"city": "Bern"})).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, rows);
    world.backend.share(&visitor, "home", json!(null)).await.unwrap();
    one.sync(&world.backend).await;
    assert_eq!(one.json(), json!({"own": 1}));
}

async fn sync_4_sessions_created_later_get_it(world: World) {
    let visitor = world.guest().await;
    // Shared by somebody who has no session yet.
    assert_eq!(world.backend.share(&visitor, "units", json!("metric")).await.unwrap(), 0);
    assert_eq!(world.backend.share(&visitor, "gone", json!(1)).await.unwrap(), 0);
    assert_eq!(world.backend.share(&visitor, "gone", json!(null)).await.unwrap(), 0);
    let mut device = Device::new(&visitor);
    device.edit(json!({"own": 1}));
    // The very first answer brings it.
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"own": 1, "units": "metric"}));
    let rows = world.number("SELECT COUNT(*) FROM context_updates").await;
    device.sync(&world.backend).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, rows);
}

async fn sync_4_what_changed_since_is_not_written_over(world: World) {
    let visitor = world.guest().await;
    let mut device = Device::new(&visitor);
    device.edit(json!({"own": 1}));
    device.sync(&world.backend).await;
    world.backend.share(&visitor, "units", json!("metric")).await.unwrap();
    device.sync(&world.backend).await;
    device.edit(json!({"units": "imperial"}));
    device.sync(&world.backend).await;
    world.backend.share(&visitor, "other", json!(1)).await.unwrap();
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"own": 1, "units": "imperial", "other": 1}));
}

async fn sync_4_sessions_reopened_later_get_it(world: World) {
    let visitor = world.guest().await;
    let mut device = Device::new(&visitor);
    device.edit(json!({"own": 1}));
    device.sync(&world.backend).await;
    world.execute("UPDATE sessions SET state = 'archived'").await;
    assert_eq!(world.backend.share(&visitor, "units", json!("metric")).await.unwrap(), 0);
    device.load(&world.backend).await;
    assert_eq!(device.json(), json!({"own": 1}));
    world.execute("UPDATE sessions SET state = 'active'").await;
    device.load(&world.backend).await;
    assert_eq!(device.json(), json!({"own": 1, "units": "metric"}));
}

async fn sync_4_keys_and_values_are_checked(world: World) {
    let visitor = world.guest().await;
    let mut device = Device::new(&visitor);
    device.edit(json!({"own": 1}));
    device.sync(&world.backend).await;
    let deep = (0..70).fold(json!(1), |value, _| json!({"a": value}));
    let long = "k".repeat(257);
    let cases = [
        ("", json!(1), "invalid_value"),
        (long.as_str(), json!(1), "limit_exceeded"),
        ("deep", deep, "limit_exceeded"),
        ("large", json!("x".repeat(1_100_000)), "limit_exceeded"),
    ];
    for (key, value, code) in cases {
        assert_eq!(world.backend.share(&visitor, key, value).await.unwrap_err().code(), code);
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM shared_values").await, 0);
    // Escapes of paths are not in the way.
    world.backend.share(&visitor, "a/b~c", json!([1, 2])).await.unwrap();
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"own": 1, "a/b~c": [1, 2]}));
}

async fn sync_4_shared_values_are_bounded(world: World) {
    let visitor = world.guest().await;
    let large = "x".repeat(900_000);
    for number in 0..11 {
        world.backend.share(&visitor, &format!("key {number}"), json!(large)).await.unwrap();
    }
    let error = world.backend.share(&visitor, "one more", json!(large)).await.unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
    // In place of one that is there, and what makes room.
    world.backend.share(&visitor, "key 0", json!(large)).await.unwrap();
    world.backend.share(&visitor, "key 1", json!(null)).await.unwrap();
    world.backend.share(&visitor, "one more", json!(large)).await.unwrap();
    // As if there were so many.
    world
        .execute(
            "INSERT INTO shared_values (account, id, seq, key, format, value, updated_at) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
             SELECT s.account, CAST(n.i AS TEXT), 1, s.key, 1, s.value, 1 \
             FROM n CROSS JOIN (SELECT * FROM shared_values ORDER BY LENGTH(value) LIMIT 1) s",
        )
        .await;
    let error = world.backend.share(&visitor, "another", json!(1)).await.unwrap_err();
    assert!(error.to_string().contains("10000"), "{error}");
}

/// Stops once where random bytes are asked for, which an edit by the server does before it begins.
#[derive(Default)]
struct Gate {
    state: Mutex<GateState>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum GateState {
    #[default]
    Open,
    Closed,
    Waiting,
}

impl Gate {
    fn close(&self) {
        *self.state.lock().unwrap() = GateState::Closed;
    }

    fn open(&self) {
        *self.state.lock().unwrap() = GateState::Open;
        self.changed.notify_all();
    }

    fn somebody_waits(&self) -> bool {
        *self.state.lock().unwrap() == GateState::Waiting
    }

    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        if *state == GateState::Closed {
            *state = GateState::Waiting;
            drop(self.changed.wait_while(state, |state| *state != GateState::Open).unwrap());
        }
    }
}

impl Environment for Gate {
    fn now_ms(&self) -> i64 {
        SystemEnvironment.now_ms()
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        self.pass();
        SystemEnvironment.fill_random(buffer);
    }
}

async fn sync_4_two_servers_do_not_write_over_what_changed_between_them(world: World) {
    let gate = Arc::new(Gate::default());
    let slow = world.server_with(gate.clone()).await;
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"own": 1}));
    device.sync(&world.backend).await;
    world.execute("UPDATE sessions SET state = 'completed'").await;
    world.backend.share(&device.visitor, "home", json!("Bern")).await.unwrap();
    world.execute("UPDATE sessions SET state = 'active'").await;
    // One server begins to write the shared value into the session.
    gate.close();
    let loading = {
        let (runtime, visitor) = (tokio::runtime::Handle::current(), device.visitor.clone());
        let (slow, session) = (slow.clone(), device.session);
        tokio::task::spawn_blocking(move || runtime.block_on(slow.load(&visitor, session)))
    };
    eventually("it begins", async || gate.somebody_waits()).await;
    // The other one is quicker, and the person changes it.
    device.load(&world.backend).await;
    assert_eq!(device.json()["home"], "Bern");
    device.edit(json!({"home": "Basel"}));
    device.sync(&world.backend).await;
    gate.open();
    loading.await.unwrap().unwrap();
    device.sync(&world.backend).await;
    assert_eq!(device.json()["home"], "Basel");
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 3);
}
