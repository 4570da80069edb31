//! SYNC-5: hostile updates are refused and harm nobody.

use holdfast_domain::limits::{CONTEXT_BYTES, DELETED_RANGES, NESTING_LEVELS, REQUEST_ITEMS};
use holdfast_domain::scan::scan;
use holdfast_domain::wire::{SaveItem, SaveOutcome};
use serde_json::json;

use crate::harness::{Device, RawUpdate, World, contract, write_var};

contract!(
    sync_5_depth_bombs_are_refused,
    sync_5_mutated_updates_harm_nobody,
    sync_5_a_truncated_update_is_refused_wherever_it_is_cut,
    sync_5_a_client_id_belongs_to_its_first_account,
    sync_5_deletions_that_cut_a_text_to_pieces_are_bounded,
    sync_5_a_request_has_so_many_items,
);

/// The code an update is refused with.
async fn refused(world: &World, device: &Device, update: Vec<u8>) -> String {
    let mut request = device.request();
    request.items = vec![SaveItem::Update(update)];
    match world.backend.save(&device.visitor, request).await.unwrap().outcome {
        SaveOutcome::Refused { index: 0, error } => error.code,
        other => panic!("{other:?}"),
    }
}

async fn sync_5_depth_bombs_are_refused(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"safe": 1}));
    device.sync(&world.backend).await;

    let array: Vec<u8> = [117, 1].repeat(10_000).into_iter().chain([126]).collect();
    assert_eq!(
        refused(&world, &device, RawUpdate::new().value(&array).encode()).await,
        "limit_exceeded"
    );
    let object: Vec<u8> = [118, 1, 1, b'a'].repeat(10_000).into_iter().chain([126]).collect();
    assert_eq!(
        refused(&world, &device, RawUpdate::new().value(&object).encode()).await,
        "limit_exceeded"
    );

    // A text further down than a path can name.
    let deepest = "/a".repeat(NESTING_LEVELS + 1);
    let text = RawUpdate::new().text(&deepest).encode();
    assert_eq!(refused(&world, &device, text).await, "schema");

    // One small nested map is refused, so small updates cannot build a deep one; nor can one do it.
    assert_eq!(refused(&world, &device, RawUpdate::new().nested_map().encode()).await, "schema");
    let deep = (0..50_000).fold(RawUpdate::new(), |update, _| update.nested_map());
    assert_eq!(refused(&world, &device, deep.encode()).await, "schema");

    // Nor can many small ones, each inside what the one before made, alone or in one request.
    let nested = |depth| RawUpdate::after(depth).nested_map().encode();
    for depth in [1, 64, 65, 49_999] {
        assert_eq!(refused(&world, &device, nested(depth)).await, "schema", "{depth}");
    }
    let mut request = device.request();
    request.items = (0..50_000).map(|depth| SaveItem::Update(nested(depth))).collect();
    let reply = world.backend.save(&device.visitor, request).await.unwrap();
    assert!(matches!(reply.outcome, SaveOutcome::Refused { index: 0, .. }), "{:?}", reply.outcome);

    // Claims of size that the bytes do not hold.
    for claim in [vec![255; 9], vec![1, 255, 255, 255, 127, 77, 0], vec![0, 255, 255, 255, 255, 15]]
    {
        refused(&world, &device, claim).await;
    }

    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 1);
    device.edit(json!({"safe": 2}));
    device.sync(&world.backend).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 2);
    device.load(&world.backend).await;
    assert_eq!(device.json(), json!({"safe": 2}));
}

/// A device with something saved, and all of it as one update.
async fn saved(world: &World) -> (Device, Vec<u8>) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": {"b": [1, "zwei", {"c": null}]}, "d": 1.5}));
    device.write("/notes", "Some words, ä ö ü, 🦀");
    device.sync(&world.backend).await;
    let update = device.context.encode();
    (device, update)
}

async fn sync_5_mutated_updates_harm_nobody(world: World) {
    let (mut device, update) = saved(&world).await;
    let victim = Device::new(&device.visitor);
    let mut seed = 1_u32;
    for round in 0..400 {
        let mut bytes = update.clone();
        for _ in 0..=round % 3 {
            // A small linear congruential generator: the same bytes in every run.
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (seed >> 8) as usize % bytes.len();
            bytes[at] ^= (seed >> 24) as u8 | 1;
        }
        let mut request = victim.request();
        request.items = vec![SaveItem::Update(bytes)];
        // Whatever the outcome, it is one: another character in a word is as good as the first.
        world.backend.save(&victim.visitor, request).await.unwrap();
    }
    world.backend.healthy().await.unwrap();
    assert_eq!(world.backend.damaged_parts(), 0);
    // What was taken can be read, here and on a client.
    let mut reader = victim.beside();
    reader.load(&world.backend).await;
    let json = world.backend.context_json(&victim.visitor, victim.session).await.unwrap();
    assert_eq!(reader.json(), json);
    device.load(&world.backend).await;
    assert_eq!(device.json()["notes"], "Some words, ä ö ü, 🦀");
}

async fn sync_5_a_truncated_update_is_refused_wherever_it_is_cut(world: World) {
    let (device, update) = saved(&world).await;
    let rows = world.number("SELECT COUNT(*) FROM context_updates").await;
    let mut victim = Device::new(&device.visitor);
    for length in 0..update.len() {
        let code = refused(&world, &victim, update[..length].to_vec()).await;
        assert_eq!(code, "malformed", "{length} of {} bytes", update.len());
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, rows);
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
    // Whole it is taken.
    victim.pending = vec![SaveItem::Update(update)];
    victim.sync(&world.backend).await;
    victim.load(&world.backend).await;
    assert_eq!(victim.json(), device.json());
}

async fn sync_5_a_client_id_belongs_to_its_first_account(mut world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    // As if a member of this session had written with the id before.
    world
        .execute("UPDATE context_clients SET account = '00000000-0000-7000-8000-000000000000'")
        .await;
    world.restart().await;
    device.edit(json!({"b": 2}));
    let reply = world.backend.save(&device.visitor, device.request()).await.unwrap();
    let SaveOutcome::Refused { index: 0, error } = reply.outcome else {
        panic!("{:?}", reply.outcome)
    };
    assert_eq!(error.code, "foreign_client");
    // What is there already may come from anybody.
    device.pending = vec![SaveItem::Update(device.beside_loaded(&world).await)];
    assert_eq!(device.exchange(&world.backend).await.unwrap().outcome, SaveOutcome::Acked);
}

impl Device {
    /// The whole document as another device of the session has it.
    async fn beside_loaded(&self, world: &World) -> Vec<u8> {
        let mut other = self.beside();
        other.load(&world.backend).await;
        other.context.encode()
    }
}

/// Deletes one of a client's clocks in every `step`, `count` times.
fn deletions(client: u64, first: u64, step: u64, count: u64) -> Vec<u8> {
    let ranges = (0..count).flat_map(|number| [first + number * step, 1]);
    let mut update = vec![0, 1];
    for value in [client, count].into_iter().chain(ranges) {
        write_var(&mut update, value);
    }
    update
}

async fn sync_5_deletions_that_cut_a_text_to_pieces_are_bounded(world: World) {
    let mut device = Device::new(&world.guest().await);
    let most = u64::try_from(DELETED_RANGES).unwrap();
    device.write("/notes", &"x".repeat(DELETED_RANGES * 4));
    device.sync(&world.backend).await;
    let whole = scan(&device.context.encode(), CONTEXT_BYTES).unwrap();
    let client = *whole.inserts.keys().next().unwrap();

    // In one update.
    let update = deletions(client, 8, 2, most + 1);
    assert_eq!(refused(&world, &device, update).await, "limit_exceeded");
    // In several, each of which could be taken.
    device.pending = vec![SaveItem::Update(deletions(client, 8, 4, most * 3 / 4))];
    let saved = world.backend.save(&device.visitor, device.request()).await.unwrap();
    assert_eq!(saved.outcome, SaveOutcome::Acked);
    let update = deletions(client, 10, 4, most / 2);
    assert_eq!(refused(&world, &device, update).await, "limit_exceeded");
    // The same again, and what leaves fewer pieces than there are.
    let saved = world.backend.save(&device.visitor, device.request()).await.unwrap();
    assert_eq!(saved.outcome, SaveOutcome::Acked);
    let mut other = device.beside();
    other.pending = vec![SaveItem::Update(deletions(client, 9, 4, most / 2))];
    let saved = world.backend.save(&other.visitor, other.request()).await.unwrap();
    assert_eq!(saved.outcome, SaveOutcome::Acked);
}

async fn sync_5_a_request_has_so_many_items(world: World) {
    let device = Device::new(&world.guest().await);
    let mut request = device.request();
    request.items = vec![SaveItem::Update(vec![0, 0]); REQUEST_ITEMS + 1];
    let error = world.backend.save(&device.visitor, request).await.unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
}
