//! SYNC-6: the database was put back from an older copy, and nobody told it. What its clients have says so.

use holdfast_domain::Error;
use serde_json::json;

use crate::harness::{Device, World, contract};

contract!(
    sync_6_a_position_from_the_future_is_noticed,
    sync_6_what_the_copy_lacks_comes_from_a_device_whose_position_was_reached_again,
    sync_6_a_session_that_is_younger_than_the_copy_is_noticed,
    sync_6_what_is_said_is_believed_once_after_each_start,
    sync_6_a_session_of_another_account_says_nothing,
);

async fn sync_6_a_position_from_the_future_is_noticed(mut world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"n": 1}));
    device.sync(&world.backend).await;
    world.back_up().await;
    device.edit(json!({"m": 2}));
    device.sync(&world.backend).await;
    world.bring_back().await;
    let before = world.backend.incarnation();
    device.sync(&world.backend).await;
    assert_ne!(world.backend.incarnation(), before);
    let mut other = device.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json(), json!({"n": 1, "m": 2}));
}

async fn sync_6_what_the_copy_lacks_comes_from_a_device_whose_position_was_reached_again(
    mut world: World,
) {
    let mut first = Device::new(&world.guest().await);
    first.edit(json!({"n": 1}));
    first.sync(&world.backend).await;
    world.back_up().await;
    first.edit(json!({"first": 1}));
    first.sync(&world.backend).await;
    let mut second = first.beside();
    second.load(&world.backend).await;
    second.edit(json!({"second": 1}));
    second.sync(&world.backend).await;
    world.bring_back().await;

    // The second one was further; what it gives makes the log as long as the first one knew it.
    second.sync(&world.backend).await;
    first.sync(&world.backend).await;
    second.sync(&world.backend).await;
    let all = json!({"n": 1, "first": 1, "second": 1});
    assert_eq!((first.json(), second.json()), (all.clone(), all.clone()));
    let mut fresh = first.beside();
    fresh.load(&world.backend).await;
    assert_eq!(fresh.json(), all);
}

async fn sync_6_a_session_that_is_younger_than_the_copy_is_noticed(mut world: World) {
    let visitor = world.guest().await;
    let mut older = Device::new(&visitor);
    older.edit(json!({"n": 1}));
    older.sync(&world.backend).await;
    world.back_up().await;
    let mut younger = Device::new(&visitor);
    younger.edit(json!({"m": 1}));
    younger.sync(&world.backend).await;
    world.bring_back().await;

    let before = world.backend.incarnation();
    younger.create = false;
    let answer = world.backend.save(&visitor, younger.request()).await;
    assert_eq!(answer.unwrap_err(), Error::NotFound);
    // All give what they have: one whose position the copy knows may have more all the same.
    assert_ne!(world.backend.incarnation(), before);
    let reply = world.backend.save(&visitor, older.request()).await.unwrap();
    assert!(reply.news.state_vector.is_some(), "the older session's device is asked");
}

async fn sync_6_what_is_said_is_believed_once_after_each_start(mut world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"n": 1}));
    device.sync(&world.backend).await;
    let lie = |world: &World| {
        let mut request = device.request();
        request.have = request.have.map(|mut have| {
            have.incarnation = world.backend.incarnation();
            have.seq += 1_000;
            have
        });
        (device.visitor.clone(), request)
    };
    let mut lives = vec![world.backend.incarnation()];
    for _ in 0..3 {
        let (visitor, request) = lie(&world);
        world.backend.save(&visitor, request).await.unwrap();
        lives.push(world.backend.incarnation());
    }
    assert_ne!(lives[0], lives[1]);
    assert_eq!(lives[1..], [lives[1]; 3]);
    world.restart().await;
    let (visitor, request) = lie(&world);
    world.backend.save(&visitor, request).await.unwrap();
    assert_ne!(world.backend.incarnation(), lives[1]);
}

async fn sync_6_a_session_of_another_account_says_nothing(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"n": 1}));
    device.sync(&world.backend).await;
    let before = world.backend.incarnation();
    let mut stranger = device.beside();
    stranger.visitor = world.guest().await;
    stranger.have = device.have;
    let answer = world.backend.save(&stranger.visitor, stranger.request()).await;
    assert_eq!(answer.unwrap_err(), Error::NotFound);
    assert_eq!(world.backend.incarnation(), before);
}
