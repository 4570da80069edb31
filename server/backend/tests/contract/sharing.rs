//! SYNC-4: values shared into all of the account's own active sessions.

use serde_json::json;

use crate::harness::{Device, World, contract};

contract!(
    sync_4_a_value_reaches_every_own_active_session,
    sync_4_sessions_created_later_get_it,
    sync_4_what_changed_since_is_not_written_over,
    sync_4_sessions_reopened_later_get_it,
    sync_4_keys_and_values_are_checked,
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
