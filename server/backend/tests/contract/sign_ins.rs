//! SEC-1: the signed-in browsers of an account.

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Error;
use holdfast_domain::id::SignInId;

use crate::harness::{DEVICE, EMAIL, HOUR_MS, PASSWORD, World, contract};

contract!(
    sec_1_signed_in_browsers_are_listed_with_their_last_use,
    sec_1_one_browser_is_signed_out_or_all_others_are,
    sec_3_nobody_signs_out_somebody_elses_browser,
);

async fn sec_1_signed_in_browsers_are_listed_with_their_last_use(world: World) {
    let first = world.person(EMAIL).await;
    world.clock.advance(HOUR_MS);
    let second = world.sign_in(EMAIL, PASSWORD).await.unwrap();
    let begun = world.backend.now_ms();
    let list = world.backend.sign_ins(&second).await.unwrap();
    assert_eq!(list.iter().map(|one| one.current).collect::<Vec<_>>(), [true, false]);
    assert!(list.iter().all(|one| one.device == DEVICE));
    assert_eq!(list.iter().map(|one| one.used_at_ms).collect::<Vec<_>>(), [begun, begun - HOUR_MS]);

    // Being used makes it the most recent one, noted now and then.
    world.clock.advance(HOUR_MS);
    world.backend.who(&first).await.unwrap();
    world.clock.advance(60_000);
    world.backend.who(&first).await.unwrap();
    let list = world.backend.sign_ins(&first).await.unwrap();
    assert!(list[0].current);
    assert_eq!(list[0].used_at_ms, begun + HOUR_MS);
    assert_eq!(list[0].created_at_ms, begun - HOUR_MS);
}

async fn sec_1_one_browser_is_signed_out_or_all_others_are(world: World) {
    let here = world.person(EMAIL).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(world.sign_in(EMAIL, PASSWORD).await.unwrap());
    }
    let lost = world.backend.sign_ins(&others[0]).await.unwrap();
    let lost = lost.into_iter().find(|one| one.current).unwrap().id;
    world.backend.end_sign_in(&here, lost).await.unwrap();
    assert_eq!(world.backend.who(&others[0]).await, Err(Error::NotSignedIn));
    assert!(world.backend.who(&others[1]).await.unwrap().is_some());
    assert_eq!(world.backend.end_sign_in(&here, lost).await, Err(Error::NotFound));

    assert_eq!(world.backend.end_other_sign_ins(&here).await.unwrap(), 2);
    assert_eq!(world.backend.end_other_sign_ins(&here).await.unwrap(), 0);
    for other in &others {
        assert_eq!(world.backend.sign_ins(other).await, Err(Error::NotSignedIn));
    }
    assert_eq!(world.backend.sign_ins(&here).await.unwrap().len(), 1);
}

async fn sec_3_nobody_signs_out_somebody_elses_browser(world: World) {
    let ada = world.person(EMAIL).await;
    let ben = world.person("ben@example.org").await;
    let adas = world.backend.sign_ins(&ada).await.unwrap()[0].id;
    let nobodys = SignInId::generate(&SystemEnvironment);
    for id in [adas, nobodys] {
        assert_eq!(world.backend.end_sign_in(&ben, id).await, Err(Error::NotFound));
    }
    let guest = world.guest().await;
    assert_eq!(world.backend.end_sign_in(&guest, adas).await, Err(Error::NotSignedIn));
    assert!(world.backend.who(&ada).await.unwrap().is_some());
}
