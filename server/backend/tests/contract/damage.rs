//! SYNC-7: damaged parts are set aside; the rest opens; who has them heals them.

use serde_json::json;

use crate::harness::{Device, World, contract, eventually};

contract!(
    sync_7_a_damaged_row_is_set_aside_and_healed,
    sync_7_a_damaged_base_costs_nothing,
    sync_7_a_damaged_name_hides_no_session,
    sync_7_damage_in_one_session_does_not_reach_another,
);

async fn sync_7_a_damaged_row_is_set_aside_and_healed(mut world: World) {
    let visitor = world.guest().await;
    let mut one = Device::new(&visitor);
    let mut other = one.beside();
    one.edit(json!({"a": 1}));
    one.sync(&world.backend).await;
    other.load(&world.backend).await;
    other.edit(json!({"independent": true}));
    one.edit(json!({"damaged": 1}));
    one.sync(&world.backend).await;
    other.sync(&world.backend).await;
    one.sync(&world.backend).await;
    one.edit(json!({"dependent": 1}));
    one.sync(&world.backend).await;
    world.flip("context_updates", "payload", "seq = 2").await;
    world.restart().await;

    // What does not depend on it opens, on the server and on a device.
    let json = world.backend.context_json(&visitor, one.session).await.unwrap();
    assert_eq!(json, json!({"a": 1, "independent": true}));
    let mut fresh = one.beside();
    fresh.load(&world.backend).await;
    assert_eq!(fresh.json(), json!({"a": 1, "independent": true}));
    assert_eq!(world.backend.damaged_parts(), 1);
    // Reported once, however often it is met.
    world.backend.context_json(&visitor, one.session).await.unwrap();
    assert_eq!(world.backend.damaged_parts(), 1);

    // The next change of a device that has it heals it.
    one.edit(json!({"next": 1}));
    one.sync(&world.backend).await;
    let expected = json!({"a": 1, "independent": true, "damaged": 1, "dependent": 1, "next": 1});
    fresh.sync(&world.backend).await;
    assert_eq!(fresh.json(), expected);
    let json = world.backend.context_json(&visitor, one.session).await.unwrap();
    assert_eq!(json, expected);
    world.restart().await;
    fresh.load(&world.backend).await;
    assert_eq!(fresh.json(), expected);
}

async fn sync_7_a_damaged_base_costs_nothing(mut world: World) {
    world.settings.base_every_updates = 5;
    world.restart().await;
    let mut device = Device::new(&world.guest().await);
    // One at a time: bases that are due together are made as one.
    for bases in 1..=2 {
        for number in 0..6 {
            device.edit(json!({"n": number, format!("key {bases} {number}"): number}));
            device.sync(&world.backend).await;
        }
        eventually("a base", async || world.bases().await == bases).await;
    }
    for column in ["payload", "coverage"] {
        let newest = "seq = (SELECT MAX(seq) FROM context_bases)";
        world.flip("context_bases", column, newest).await;
        world.restart().await;
        device.edit(json!({"after": column}));
        let expected = device.json();
        device.sync(&world.backend).await;
        device.load(&world.backend).await;
        assert_eq!(device.json(), expected);
        assert!(world.backend.damaged_parts() >= 1);
    }
}

async fn sync_7_a_damaged_name_hides_no_session(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    world.flip("sessions", "name", "1 = 1").await;
    let sessions = world.backend.list_sessions(&device.visitor).await.unwrap();
    assert_eq!(sessions.len(), 1);
    assert_ne!(sessions[0].name, "My session");
    device.load(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1}));
    let named = world.backend.rename_session(&device.visitor, device.session, "Again").await;
    assert_eq!(named.unwrap().name, "Again");
    let session = world.backend.session(&device.visitor, device.session).await.unwrap();
    assert_eq!(session.name, "Again");
}

async fn sync_7_damage_in_one_session_does_not_reach_another(mut world: World) {
    let visitor = world.guest().await;
    let (mut one, mut other) = (Device::new(&visitor), Device::new(&visitor));
    for device in [&mut one, &mut other] {
        device.edit(json!({"a": 1}));
        device.sync(&world.backend).await;
    }
    let broken = format!("id = (SELECT key FROM sessions WHERE id = '{}')", one.session);
    world.flip("keys", "wrapped", &broken).await;
    world.restart().await;
    // Without its key nothing of the one can be read or written.
    one.edit(json!({"b": 1}));
    let error = world.backend.save(&visitor, one.request()).await.unwrap_err();
    assert_eq!(error.code(), "damaged");
    assert_eq!(world.backend.list_sessions(&visitor).await.unwrap().len(), 2);
    other.edit(json!({"b": 1}));
    other.sync(&world.backend).await;
    assert_eq!(other.json(), json!({"a": 1, "b": 1}));
}
