//! Bases: opening does not read the whole log, and nothing else changes by them (SYNC-1).

use serde_json::json;

use crate::harness::{Device, World, contract, eventually};

contract!(
    sync_1_bases_shorten_what_is_read,
    sync_1_many_saves_in_one_session_stay_quick_to_open,
    snap_1_bases_stay_for_the_snapshots_that_begin_with_them,
);

async fn sync_1_bases_shorten_what_is_read(mut world: World) {
    world.settings.base_every_updates = 10;
    world.restart().await;
    let mut device = Device::new(&world.guest().await);
    let mut early = None;
    for number in 0..35 {
        device.edit(json!({"n": number, format!("key {}", number % 4): number}));
        if number == 3 {
            early = Some(device.snapshot("early"));
        }
        device.sync(&world.backend).await;
        if number == 15 {
            // Bases that are due together are made as one.
            eventually("a first base", async || world.bases().await == 1).await;
        }
    }
    // The newest two stay.
    eventually("a base near the end of the log", async || {
        world.newest_base().await >= 25 && world.bases().await == 2
    })
    .await;
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 35);
    let news = world.backend.load(&device.visitor, device.session).await.unwrap();
    assert!(news.updates.len() <= 11, "{} updates", news.updates.len());

    let mut fresh = device.beside();
    fresh.load(&world.backend).await;
    assert_eq!(fresh.json(), device.json());
    // A snapshot from before every base still is what it was.
    let preview =
        world.backend.preview_snapshot(&device.visitor, device.session, early.unwrap()).await;
    let differences = preview.unwrap().differences;
    let n = differences.iter().find(|difference| difference.path == "/n").unwrap();
    assert_eq!((n.now.clone(), n.then.clone()), (Some(json!(34)), Some(json!(3))));

    // The server that starts now knows from the base what is there.
    world.restart().await;
    let before = world.number("SELECT COUNT(*) FROM context_updates").await;
    let mut request = device.request();
    request.items = vec![holdfast_domain::wire::SaveItem::Update(device.context.encode())];
    world.backend.save(&device.visitor, request).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, before);
    device.edit(json!({"n": "last"}));
    device.sync(&world.backend).await;
    fresh.sync(&world.backend).await;
    assert_eq!(fresh.json(), device.json());
}

async fn sync_1_many_saves_in_one_session_stay_quick_to_open(mut world: World) {
    world.settings.base_every_updates = 50;
    world.restart().await;
    let mut device = Device::new(&world.guest().await);
    for number in 0..300 {
        device.write("/notes", &"x".repeat(number));
        device.sync(&world.backend).await;
    }
    eventually("a base near the end", async || world.newest_base().await >= 200).await;
    let news = world.backend.load(&device.visitor, device.session).await.unwrap();
    assert!(news.updates.len() <= 102, "{} updates", news.updates.len());
}

async fn snap_1_bases_stay_for_the_snapshots_that_begin_with_them(mut world: World) {
    world.settings.base_every_updates = 10;
    world.settings.hourly_snapshots = false;
    world.restart().await;
    let mut device = Device::new(&world.guest().await);
    let mut middle = None;
    for number in 0..45 {
        device.edit(json!({"n": number, format!("key {}", number % 4): number}));
        if number == 22 {
            middle = Some(device.snapshot("middle"));
        }
        device.sync(&world.backend).await;
        let wanted = i64::from(number + 1) / 10 * 10;
        eventually("a base every ten rows", async || world.newest_base().await >= wanted).await;
    }
    let kept = "SELECT COUNT(*) FROM context_bases WHERE seq BETWEEN 20 AND 23";
    assert_eq!(world.number(kept).await, 1);
    assert_eq!(world.bases().await, 3);
    let (visitor, session) = (device.visitor.clone(), device.session);
    let snapshot = middle.unwrap();
    let preview = world.backend.preview_snapshot(&visitor, session, snapshot).await.unwrap();
    let n = preview.differences.iter().find(|difference| difference.path == "/n").unwrap();
    assert_eq!((n.now.clone(), n.then.clone()), (Some(json!(44)), Some(json!(22))));
    // Without the snapshot nobody begins there.
    world.backend.delete_snapshot(&visitor, session, snapshot).await.unwrap();
    for number in 45..60 {
        device.edit(json!({"n": number}));
        device.sync(&world.backend).await;
    }
    eventually("the base between is gone", async || world.number(kept).await == 0).await;
}
