//! SYNC-1: committed and then acknowledged, each exactly once.

use std::collections::BTreeSet;
use std::sync::Arc;

use holdfast_domain::Error;
use holdfast_domain::wire::{SaveItem, SaveOutcome};
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{Device, World, contract};

contract!(
    sync_1_a_repeated_save_adds_nothing,
    sync_1_what_was_acknowledged_is_there_after_a_restart,
    sync_1_a_save_is_all_or_nothing,
    sync_1_fifty_clients_at_once,
    sync_1_one_refused_save_does_not_harm_the_others,
    sync_1_too_many_waiting_saves_are_unavailable,
    sync_1_closing_finishes_what_waits,
    sync_1_news_comes_in_parts,
    sync_1_news_leaves_out_what_was_just_sent,
);

async fn sync_1_a_repeated_save_adds_nothing(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"title": "once"}));
    let request = device.request();
    let first = world.backend.save(&device.visitor, request.clone()).await.unwrap();
    let again = world.backend.save(&device.visitor, request.clone()).await.unwrap();
    assert_eq!((first.batch, &first.outcome), (request.batch, &SaveOutcome::Acked));
    assert_eq!((again.batch, &again.outcome), (request.batch, &SaveOutcome::Acked));
    assert_eq!(first.news.position, again.news.position);
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM accounts").await, 1);

    // Together with something new, only that is added.
    device.edit(json!({"more": 1}));
    assert_eq!(device.exchange(&world.backend).await.unwrap().outcome, SaveOutcome::Acked);
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 2);
    let json = world.backend.context_json(&device.visitor, device.session).await.unwrap();
    assert_eq!(json, json!({"title": "once", "more": 1}));
}

async fn sync_1_what_was_acknowledged_is_there_after_a_restart(mut world: World) {
    let mut device = Device::new(&world.guest().await);
    for number in 0..20 {
        device.edit(json!({"count": number}));
        device.write("/notes", &"line\n".repeat(number));
        device.sync(&world.backend).await;
        let expected = device.json();
        world.restart().await;
        device.load(&world.backend).await;
        assert_eq!(device.json(), expected);
    }
}

async fn sync_1_a_save_is_all_or_nothing(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"good": 1}));
    let snapshot = device.snapshot("marker");
    device.pending.push(SaveItem::Update(vec![9, 9, 9]));
    let reply = world.backend.save(&device.visitor, device.request()).await.unwrap();
    let SaveOutcome::Refused { index: 2, error } = reply.outcome else {
        panic!("{:?}", reply.outcome)
    };
    assert_eq!(error.code, "malformed");
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 0);

    // And likewise where only the writer can tell: the last update builds on one that is not there.
    device.pending.pop();
    let mut other = device.beside();
    other.context.apply(&device.context.encode()).unwrap();
    other.context.patch(&json!({"lost": 1})).unwrap();
    other.edit(json!({"built": 1}));
    device.pending.extend(other.pending);
    let reply = world.backend.save(&device.visitor, device.request()).await.unwrap();
    assert_eq!(reply.outcome, SaveOutcome::MissingDependency);
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 0);

    device.pending.truncate(2);
    assert_eq!(device.exchange(&world.backend).await.unwrap().outcome, SaveOutcome::Acked);
    let snapshots = world.backend.list_snapshots(&device.visitor, device.session).await.unwrap();
    assert_eq!(snapshots.iter().map(|found| found.id).collect::<Vec<_>>(), [snapshot]);
}

async fn sync_1_fifty_clients_at_once(mut world: World) {
    let visitor = world.guest().await;
    let mut first = Device::new(&visitor);
    first.edit(json!({"shared": true}));
    first.sync(&world.backend).await;
    let mut tasks = JoinSet::new();
    for number in 0..50 {
        // Every fifth one writes into the session of the first, the others into their own.
        let mut device = if number % 5 == 0 { first.beside() } else { Device::new(&visitor) };
        let backend = world.backend.clone();
        tasks.spawn(async move {
            for round in 0..6 {
                let key = format!("client {number}");
                device.edit(json!({key: round}));
                device.sync(&backend).await;
            }
            device
        });
    }
    let devices = tasks.join_all().await;
    let gaps = "SELECT COUNT(*) FROM sessions s WHERE s.seq <> \
                (SELECT COUNT(*) FROM context_updates u WHERE u.session = s.id)";
    assert_eq!(world.number(gaps).await, 0);
    let rows = world.number("SELECT COUNT(*) FROM context_updates").await;
    assert_eq!(rows, 1 + 50 * 6);
    world.restart().await;
    first.load(&world.backend).await;
    for (number, mut device) in devices.into_iter().enumerate() {
        let before = device.json();
        device.load(&world.backend).await;
        if device.session == first.session {
            assert_eq!(device.json(), first.json());
        } else {
            assert_eq!(device.json(), before, "device {number}");
        }
    }
    let clients: BTreeSet<String> = first.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(clients.len(), 11);
}

async fn sync_1_one_refused_save_does_not_harm_the_others(world: World) {
    let backend = Arc::new(world.backend.clone());
    let mut tasks = JoinSet::new();
    for number in 0..30 {
        let (visitor, backend) = (world.guest().await, backend.clone());
        tasks.spawn(async move {
            let mut device = Device::new(&visitor);
            if number % 3 == 1 {
                // Builds on what nobody sent.
                device.context.patch(&json!({"unsent": 1})).unwrap();
            }
            device.edit(json!({"sent": number}));
            device.create = number % 3 != 2;
            (number, backend.save(&visitor, device.request()).await)
        });
    }
    for (number, reply) in tasks.join_all().await {
        match number % 3 {
            0 => assert_eq!(reply.unwrap().outcome, SaveOutcome::Acked),
            1 => assert_eq!(reply.unwrap().outcome, SaveOutcome::MissingDependency),
            _ => assert_eq!(reply.unwrap_err(), Error::NotFound),
        }
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 10);
}

async fn sync_1_too_many_waiting_saves_are_unavailable(mut world: World) {
    world.settings.queue_saves = 2;
    world.restart().await;
    let visitor = world.guest().await;
    let mut device = Device::new(&visitor);
    device.edit(json!({"first": 1}));
    device.sync(&world.backend).await;

    // Somebody else holds what the writer needs.
    let lock = world.hold_writes().await;
    let mut tasks = JoinSet::new();
    for number in 0..8 {
        let (backend, mut device) = (world.backend.clone(), device.beside());
        device.edit(json!({format!("key {number}"): 1}));
        tasks.spawn(async move {
            let reply = backend.save(&device.visitor, device.request()).await;
            (device, reply)
        });
    }
    let (mut refused, reply) = tasks.join_next().await.unwrap().unwrap();
    assert_eq!(reply.unwrap_err(), Error::Unavailable);
    lock.release().await;
    let mut acked = 0;
    for (_, reply) in tasks.join_all().await {
        match reply {
            Ok(reply) => {
                assert_eq!(reply.outcome, SaveOutcome::Acked);
                acked += 1;
            }
            Err(error) => assert_eq!(error, Error::Unavailable),
        }
    }
    assert!(acked >= 2, "what had its place in the queue was saved");
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 1 + acked);
    refused.sync(&world.backend).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 2 + acked);
}

async fn sync_1_closing_finishes_what_waits(world: World) {
    let visitor = world.guest().await;
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let (backend, mut device) = (world.backend.clone(), Device::new(&visitor));
        device.edit(json!({"number": number}));
        tasks.spawn(async move { backend.save(&device.visitor, device.request()).await });
    }
    world.backend.close().await;
    let mut acked = 0;
    for reply in tasks.join_all().await {
        match reply {
            Ok(reply) => {
                assert_eq!(reply.outcome, SaveOutcome::Acked);
                acked += 1;
            }
            Err(error) => assert_eq!(error, Error::Unavailable),
        }
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, acked);
    assert_eq!(world.backend.healthy().await, Err(Error::Unavailable));
}

async fn sync_1_news_comes_in_parts(mut world: World) {
    world.settings.reply_bytes = 20_000;
    world.restart().await;
    let mut writer = Device::new(&world.guest().await);
    for number in 0..10 {
        // One row is larger than a reply: it comes alone.
        let text = "x".repeat(if number == 4 { 50_000 } else { 6_000 });
        writer.edit(json!({format!("key {number}"): text}));
        writer.sync(&world.backend).await;
    }
    let first = world.backend.load(&writer.visitor, writer.session).await.unwrap();
    assert!(first.more);
    assert_eq!(first.position.seq, 3);
    let mut reader = writer.beside();
    reader.load(&world.backend).await;
    assert_eq!(reader.json(), writer.json());
    assert_eq!(reader.have.unwrap().seq, 10);
}

async fn sync_1_news_leaves_out_what_was_just_sent(world: World) {
    let mut one = Device::new(&world.guest().await);
    one.edit(json!({"one": 1}));
    one.sync(&world.backend).await;
    let mut two = one.beside();
    two.load(&world.backend).await;
    one.edit(json!({"one": 2}));
    one.sync(&world.backend).await;
    two.edit(json!({"two": 2}));
    let reply = two.exchange(&world.backend).await.unwrap();
    assert_eq!(reply.news.updates.len(), 1);
    assert_eq!(reply.news.position.seq, 3);
    assert_eq!(reply.news.name, "My session");
    assert_eq!(two.json(), json!({"one": 2, "two": 2}));
    let reply = two.exchange(&world.backend).await.unwrap();
    assert_eq!(reply.news.updates.len(), 0);
    assert_eq!(reply.news.state_vector, None);
}
