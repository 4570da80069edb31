//! CTX-10: limits, each with a clear message and nothing lost.

use holdfast_domain::limits::{CONTEXT_BYTES, UPDATE_BYTES};
use holdfast_domain::wire::{SaveItem, SaveOutcome};
use serde_json::json;

use crate::harness::{Device, World, contract, eventually};

contract!(
    ctx_10_one_update_has_a_megabyte_unless_it_is_a_first_sync,
    ctx_10_a_request_has_a_limit,
    ctx_10_a_first_sync_may_be_as_large_as_a_context,
    ctx_10_a_context_has_fifty_megabytes,
    ctx_10_what_was_written_over_does_not_count,
);

/// A text in as many updates as its limit asks for, as one.
fn large(device: &mut Device, path: &str, bytes: usize) -> Vec<u8> {
    let before = device.context.state_vector();
    let words: String = "0123456789".repeat(bytes / 10);
    device.context.set_text(&path.parse().unwrap(), &words).unwrap();
    device.context.difference(&before).unwrap()
}

async fn ctx_10_one_update_has_a_megabyte_unless_it_is_a_first_sync(world: World) {
    let mut device = Device::new(&world.guest().await);
    let update = large(&mut device, "/notes", 2 * UPDATE_BYTES);
    device.edit(json!({"small": 1}));
    device.pending.insert(0, SaveItem::Update(update.clone()));
    let reply = world.backend.save(&device.visitor, device.request()).await.unwrap();
    let SaveOutcome::Refused { index: 0, error } = reply.outcome else {
        panic!("{:?}", reply.outcome)
    };
    assert_eq!(error.code, "limit_exceeded");
    assert!(error.message.contains("1000000"), "{}", error.message);
    // Alone it is a first sync.
    let small = device.pending.pop().unwrap();
    device.exchange(&world.backend).await.unwrap();
    device.pending = vec![small];
    device.sync(&world.backend).await;
    let mut other = device.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json(), device.json());
}

async fn ctx_10_a_request_has_a_limit(world: World) {
    let mut device = Device::new(&world.guest().await);
    for number in 0..6 {
        device.edit(json!({format!("key {number}"): "x".repeat(900_000)}));
    }
    let error = world.backend.save(&device.visitor, device.request()).await.unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
    // In two requests nothing is lost.
    let rest = device.pending.split_off(3);
    device.sync(&world.backend).await;
    device.pending = rest;
    device.sync(&world.backend).await;
    let mut other = device.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json().as_object().unwrap().len(), 6);
}

async fn ctx_10_a_first_sync_may_be_as_large_as_a_context(world: World) {
    let mut device = Device::new(&world.guest().await);
    let update = large(&mut device, "/notes", CONTEXT_BYTES - 100_000);
    let size = i64::try_from(update.len()).unwrap();
    assert!(size > 49_900_000);
    device.pending = vec![SaveItem::Update(update)];
    // What it answers need not be read: it is all the device's own.
    assert_eq!(device.exchange(&world.backend).await.unwrap().outcome, SaveOutcome::Acked);
    assert!(world.number("SELECT size FROM context_updates").await >= size);
    // One that is larger than a context can be is not.
    let mut other = Device::new(&device.visitor);
    other.pending = vec![SaveItem::Update(vec![0; CONTEXT_BYTES + 1])];
    let reply = world.backend.save(&other.visitor, other.request()).await.unwrap();
    let SaveOutcome::Refused { index: 0, error } = reply.outcome else {
        panic!("{:?}", reply.outcome)
    };
    assert_eq!(error.code, "limit_exceeded");
}

async fn ctx_10_a_context_has_fifty_megabytes(mut world: World) {
    world.settings.base_every_updates = 1;
    world.restart().await;
    let mut device = Device::new(&world.guest().await);
    for number in 0..20 {
        device.edit(json!({format!("key {number}"): "x".repeat(50)}));
    }
    device.sync(&world.backend).await;
    eventually("a base", async || world.bases().await == 1).await;
    let size = i64::try_from(device.context.encode().len()).unwrap();
    assert_eq!(world.number("SELECT size FROM context_bases").await, size);
    // As if the context were full but for ten bytes.
    world.settings.base_every_updates = 1_000;
    world.execute(&format!("UPDATE context_bases SET size = {}", CONTEXT_BYTES - 10)).await;
    world.restart().await;
    let mut other = device.beside();
    other.load(&world.backend).await;
    other.edit(json!({"more": 1}));
    let request = other.request();
    let reply = world.backend.save(&other.visitor, request.clone()).await.unwrap();
    let SaveOutcome::Refused { index: 0, error } = reply.outcome else {
        panic!("{:?}", reply.outcome)
    };
    assert_eq!(error.code, "limit_exceeded");
    assert!(error.message.contains("context bytes"), "{}", error.message);
    assert!(error.message.contains("50000000"), "{}", error.message);
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 1);

    // There is always room for deleting, and that makes room for the rest.
    device.edit(json!({"key 0": null, "key 2": null, "key 4": null}));
    device.sync(&world.backend).await;
    let reply = world.backend.save(&other.visitor, request).await.unwrap();
    assert_eq!(reply.outcome, SaveOutcome::Acked);
    device.sync(&world.backend).await;
    assert_eq!(device.json()["more"], 1);
}

async fn ctx_10_what_was_written_over_does_not_count(mut world: World) {
    let mut device = Device::new(&world.guest().await);
    for number in 0..3 {
        device.edit(json!({"key": format!("{number}").repeat(300_000)}));
        device.sync(&world.backend).await;
    }
    // As if it had been written over more often still.
    world.execute(&format!("UPDATE sessions SET log_bytes = {}", 10 * CONTEXT_BYTES)).await;
    world.restart().await;
    device.edit(json!({"key": "3".repeat(300_000)}));
    device.sync(&world.backend).await;
    assert!(world.number("SELECT MAX(size) FROM context_bases").await < 400_000);
    let mut other = device.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json(), device.json());
}
