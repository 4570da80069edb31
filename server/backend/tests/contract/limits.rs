//! CTX-10: limits, each with a clear message and nothing lost.

use holdfast_domain::limits::{CONTEXT_BYTES, UPDATE_BYTES};
use holdfast_domain::wire::{SaveItem, SaveOutcome};
use serde_json::json;

use crate::harness::{Device, World, contract};

contract!(
    ctx_10_one_update_has_a_megabyte_unless_it_is_a_first_sync,
    ctx_10_a_request_has_a_limit,
    ctx_10_a_context_has_fifty_megabytes,
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

async fn ctx_10_a_context_has_fifty_megabytes(world: World) {
    let mut one = Device::new(&world.guest().await);
    let first = large(&mut one, "/first", CONTEXT_BYTES / 2);
    one.pending = vec![SaveItem::Update(first)];
    one.sync(&world.backend).await;
    // Written over and over, the log is longer than the context is large.
    let mut two = one.beside();
    let second = large(&mut two, "/second", CONTEXT_BYTES / 2 - 1_000_000);
    two.pending = vec![SaveItem::Update(second)];
    two.exchange(&world.backend).await.unwrap();
    let mut three = one.beside();
    let third = large(&mut three, "/third", 2_000_000);
    three.pending = vec![SaveItem::Update(third.clone())];
    let reply = world.backend.save(&three.visitor, three.request()).await.unwrap();
    let SaveOutcome::Refused { index: 0, error } = reply.outcome else {
        panic!("{:?}", reply.outcome)
    };
    assert_eq!(error.code, "limit_exceeded");
    assert!(error.message.contains("context bytes"), "{}", error.message);
    // Deleting makes room.
    one.write("/first", "short");
    one.sync(&world.backend).await;
    let reply = world.backend.save(&three.visitor, three.request()).await.unwrap();
    assert_eq!(reply.outcome, SaveOutcome::Acked);
    // One update alone cannot be larger than a context either.
    let mut four = one.beside();
    four.pending = vec![SaveItem::Update(vec![0; CONTEXT_BYTES + 1])];
    let reply = world.backend.save(&four.visitor, four.request()).await.unwrap();
    assert!(matches!(reply.outcome, SaveOutcome::Refused { index: 0, .. }));
}
