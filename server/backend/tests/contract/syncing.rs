//! SYNC-3 and SYNC-6: however long a device was away, whatever was lost, repeated or reordered, and
//! whatever copy the server was brought back from, all converge.

use holdfast_domain::Error;
use holdfast_domain::wire::{SaveItem, SaveOutcome, SaveRequest};
use serde_json::json;

use crate::harness::{DAY_MS, Device, HOUR_MS, World, contract};

contract!(
    sync_3_devices_that_were_offline_for_days_merge,
    sync_3_a_session_made_offline_arrives_whole_days_later,
    sync_6_a_lost_acknowledgement_is_made_good,
    sync_6_updates_out_of_order_are_asked_for_again,
    sync_6_of_a_difference_the_log_takes_what_it_does_not_have,
    sync_6_an_older_copy_gets_back_what_it_lost,
    sync_6_a_deletion_alone_comes_back_too,
    sync_6_a_lost_session_is_created_again,
    sync_6_two_devices_converge,
);

async fn sync_3_devices_that_were_offline_for_days_merge(mut world: World) {
    world.settings.base_every_updates = 20;
    world.restart().await;
    let mut online = Device::new(&world.guest().await);
    online.write("/notes", "Plan:\n");
    online.edit(json!({"trip": {"city": "Bern"}, "count": 0}));
    online.sync(&world.backend).await;
    let mut away = [online.beside(), online.beside()];
    for device in &mut away {
        device.load(&world.backend).await;
    }
    // Three days: one device is online, the server restarts, two others write without it.
    for day in 0..3 {
        for hour in 0..8 {
            online.edit(json!({"trip": {format!("online {day}.{hour}"): true}, "count": hour}));
            online.sync(&world.backend).await;
            for (number, device) in away.iter_mut().enumerate() {
                device.edit(json!({"trip": {format!("away {number}.{day}.{hour}"): true}}));
                let notes = device.json()["notes"].as_str().unwrap().to_owned();
                device.write("/notes", &format!("{notes}away {number}, day {day}, hour {hour}\n"));
            }
            world.clock.advance(HOUR_MS);
        }
        away[0].snapshot(&format!("Day {day}"));
        world.clock.advance(DAY_MS);
        world.restart().await;
    }
    for device in &mut away {
        device.sync(&world.backend).await;
    }
    away[0].sync(&world.backend).await;
    online.sync(&world.backend).await;
    let merged = online.json();
    for device in &away {
        assert_eq!(device.json(), merged);
    }
    assert_eq!(merged["trip"].as_object().unwrap().len(), 1 + 3 * 3 * 8);
    assert_eq!(merged["count"], 7);
    let notes = merged["notes"].as_str().unwrap();
    for number in 0..2 {
        for (day, hour) in (0..3).flat_map(|day| (0..8).map(move |hour| (day, hour))) {
            let line = format!("away {number}, day {day}, hour {hour}\n");
            assert_eq!(notes.matches(&line).count(), 1, "{line}");
        }
    }
    // What was asked for offline captured what its device had then.
    let snapshots = world.backend.list_snapshots(&online.visitor, online.session).await.unwrap();
    let names: Vec<_> = snapshots.iter().map(|found| found.name.as_str()).collect();
    for day in 0..3 {
        assert!(names.contains(&format!("Day {day}").as_str()), "{names:?}");
    }
}

async fn sync_3_a_session_made_offline_arrives_whole_days_later(world: World) {
    let visitor = world.guest().await;
    let mut device = Device::new(&visitor);
    for number in 0..200 {
        device.edit(json!({format!("key {number}"): number}));
        device.write("/notes", &"word ".repeat(number));
    }
    let snapshot = device.snapshot("Before landing");
    device.edit(json!({"landed": true}));
    world.clock.advance(9 * DAY_MS);
    device.sync(&world.backend).await;
    let mut other = device.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json(), device.json());
    let preview = world.backend.preview_snapshot(&visitor, device.session, snapshot).await;
    let differences = preview.unwrap().differences;
    assert_eq!(differences.iter().map(|found| &found.path).collect::<Vec<_>>(), ["/landed"]);
}

async fn sync_6_a_lost_acknowledgement_is_made_good(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"n": 0}));
    for number in 1..10 {
        device.edit(json!({"n": number}));
        // The server has it, the device never hears of it and sends it again with the next.
        world.backend.save(&device.visitor, device.request()).await.unwrap();
    }
    device.sync(&world.backend).await;
    let mut other = device.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json(), json!({"n": 9}));
    let stored = world.number("SELECT CAST(SUM(size) AS BIGINT) FROM context_updates").await;
    assert!(stored < 1_500, "{stored} bytes for ten small updates");
}

async fn sync_6_updates_out_of_order_are_asked_for_again(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.edit(json!({"b": 2}));
    device.edit(json!({"c": 3}));
    device.pending.reverse();
    let reply = device.exchange(&world.backend).await.unwrap();
    assert_eq!(reply.outcome, SaveOutcome::MissingDependency);
    let state_vector = reply.news.state_vector.unwrap();
    let difference = device.context.difference(&state_vector.0).unwrap();
    device.pending = vec![SaveItem::Update(difference)];
    assert_eq!(device.exchange(&world.backend).await.unwrap().outcome, SaveOutcome::Acked);
    let json = world.backend.context_json(&device.visitor, device.session).await.unwrap();
    assert_eq!(json, json!({"a": 1, "b": 2, "c": 3}));
}

/// Two tabs speak for a moment: one gives the changes, the other a difference from before them.
async fn sync_6_of_a_difference_the_log_takes_what_it_does_not_have(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.write("/notes", "one; ");
    device.sync(&world.backend).await;
    let from = device.context.state_vector();
    let long = "two, which is long; ".repeat(500);
    device.write("/notes", &format!("one; {long}"));
    device.sync(&world.backend).await;
    let stored = || world.number("SELECT CAST(SUM(size) AS BIGINT) FROM context_updates");
    let before = stored().await;
    device.write("/notes", &format!("one; {long}three; "));
    device.pending = vec![SaveItem::Update(device.context.difference(&from).unwrap())];
    assert_eq!(device.exchange(&world.backend).await.unwrap().outcome, SaveOutcome::Acked);
    let added = stored().await - before;
    assert!(added < 500, "{added} bytes for one word");
    let json = world.backend.context_json(&device.visitor, device.session).await.unwrap();
    assert_eq!(json, json!({"notes": format!("one; {long}three; ")}));
}

/// The server is brought back from the copy that was made before, as it should be.
async fn bring_back(world: &mut World) {
    world.bring_back().await;
    let before = world.backend.incarnation();
    assert_ne!(world.backend.new_incarnation().await.unwrap(), before);
}

async fn sync_6_an_older_copy_gets_back_what_it_lost(mut world: World) {
    let mut one = Device::new(&world.guest().await);
    one.edit(json!({"kept": 1}));
    one.sync(&world.backend).await;
    world.back_up().await;
    one.edit(json!({"lost": 1}));
    one.write("/notes", "written after the backup");
    one.sync(&world.backend).await;
    let mut two = one.beside();
    two.load(&world.backend).await;
    two.edit(json!({"also lost": 2}));
    two.sync(&world.backend).await;
    bring_back(&mut world).await;

    // Another device goes on with the old state meanwhile, so that row numbers mean other rows.
    let mut three = one.beside();
    three.load(&world.backend).await;
    assert_eq!(three.json(), json!({"kept": 1}));
    three.edit(json!({"new": 3}));
    three.sync(&world.backend).await;
    for _ in 0..2 {
        one.sync(&world.backend).await;
        two.sync(&world.backend).await;
        three.sync(&world.backend).await;
    }
    let expected = json!({
        "kept": 1, "lost": 1, "also lost": 2, "new": 3, "notes": "written after the backup"
    });
    for device in [&one, &two, &three] {
        assert_eq!(device.json(), expected);
    }
    let mut fresh = one.beside();
    fresh.load(&world.backend).await;
    assert_eq!(fresh.json(), expected);
}

async fn sync_6_a_deletion_alone_comes_back_too(mut world: World) {
    let mut one = Device::new(&world.guest().await);
    one.edit(json!({"goes": 1, "stays": 1}));
    one.write("/notes", "some words to delete");
    one.sync(&world.backend).await;
    world.back_up().await;
    one.edit(json!({"goes": null}));
    one.write("/notes", "some");
    one.sync(&world.backend).await;
    bring_back(&mut world).await;
    // Nothing is pending and no insertion is missing: only the deletions are.
    assert!(one.pending.is_empty());
    one.sync(&world.backend).await;
    let mut other = one.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json(), json!({"stays": 1, "notes": "some"}));
}

async fn sync_6_a_lost_session_is_created_again(mut world: World) {
    let visitor = world.guest().await;
    let mut first = Device::new(&visitor);
    first.edit(json!({"first": 1}));
    first.sync(&world.backend).await;
    world.back_up().await;
    let mut device = Device::new(&visitor);
    device.edit(json!({"n": 1}));
    device.sync(&world.backend).await;
    bring_back(&mut world).await;

    device.edit(json!({"m": 2}));
    device.create = false;
    let error = world.backend.save(&visitor, device.request()).await.unwrap_err();
    assert_eq!(error, Error::NotFound);
    device.create = true;
    device.sync(&world.backend).await;
    let mut other = device.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json(), json!({"n": 1, "m": 2}));
}

async fn sync_6_two_devices_converge(world: World) {
    let mut one = Device::new(&world.guest().await);
    one.write("/notes", "Hello");
    one.sync(&world.backend).await;
    let mut two = one.beside();
    two.load(&world.backend).await;
    for round in 0..10 {
        one.edit(json!({"trip": {format!("one {round}"): round}}));
        two.edit(json!({"trip": {format!("two {round}"): round}}));
        one.write("/notes", &format!("one {round} Hello"));
        two.write("/notes", &format!("Hello two {round}"));
        one.sync(&world.backend).await;
        two.sync(&world.backend).await;
    }
    let asked = SaveRequest { want_state_vector: true, ..one.request() };
    let reply = world.backend.save(&one.visitor, asked).await.unwrap();
    one.take(&world.backend, reply.news.clone()).await;
    assert_eq!(one.json(), two.json());
    assert_eq!(reply.news.state_vector.unwrap().0.len(), one.context.state_vector().len());
}
