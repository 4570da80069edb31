//! SESS-4: a program takes everything away, with the way back.

use holdfast_domain::Error;
use holdfast_domain::session::Step;
use serde_json::json;

use crate::harness::{Device, World, contract};
use crate::life::{saved, step};

contract!(
    sess_4_a_reset_takes_everything_away_and_its_snapshot_brings_it_back,
    sess_4_what_is_archived_is_not_reset,
);

async fn sess_4_a_reset_takes_everything_away_and_its_snapshot_brings_it_back(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.write("/notes", &"Ferry at 15:00. ".repeat(200));
    device.edit(json!({"trip": {"days": 8, "tags": [1, 2]}}));
    device.sync(&world.backend).await;
    let (visitor, session) = (device.visitor.clone(), device.session);
    let before = device.json();
    let version = world.backend.context(&visitor, session).await.unwrap().version;

    let stale = world.backend.reset_session(&visitor, session, Some(version - 1)).await;
    assert_eq!(stale, Err(Error::Changed));
    let other = world.guest().await;
    let foreign = world.backend.reset_session(&other, session, None).await;
    assert_eq!(foreign, Err(Error::NotFound));
    let reset = world.backend.reset_session(&visitor, session, Some(version)).await.unwrap();
    assert!(reset.cleared >= 3, "{reset:?}");
    // What another device writes meanwhile stays.
    device.edit(json!({"meanwhile": true}));
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"meanwhile": true}));
    // One snapshot is enough: the delete was large, and is what this one is for.
    let snapshots = world.backend.list_snapshots(&visitor, session).await.unwrap();
    let named: Vec<_> = snapshots.iter().map(|of| (of.id, of.name.as_str())).collect();
    assert_eq!(named, [(reset.snapshot.unwrap(), "Before reset")]);
    world.backend.restore_snapshot(&visitor, session, named[0].0).await.unwrap();
    device.sync(&world.backend).await;
    assert_eq!(device.json(), before);

    world.backend.reset_session(&visitor, session, None).await.unwrap();
    let nothing = world.backend.reset_session(&visitor, session, None).await.unwrap();
    assert_eq!((nothing.snapshot, nothing.cleared), (None, 0));
}

async fn sess_4_what_is_archived_is_not_reset(world: World) {
    let device = saved(&world).await;
    step(&world, &device, Step::Archive).await;
    let refused = world.backend.reset_session(&device.visitor, device.session, None).await;
    assert_eq!(refused, Err(Error::Archived));
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 0);
}
