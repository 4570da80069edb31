//! SEC-1 and SEC-6: changing and resetting a password, and guessing one.

use std::time::{Duration, Instant};

use holdfast_backend::{NewPassword, ResetLink};
use holdfast_domain::{Error, Result};
use secrecy::ExposeSecret;

use crate::harness::{DEVICE, EMAIL, HOUR_MS, PASSWORD, World, contract};

contract!(
    sec_1_a_changed_password_ends_the_other_sign_ins,
    sec_1_the_current_password_is_asked_for,
    sec_1_a_link_sets_a_new_password_once,
    sec_1_a_link_works_for_a_while,
    sec_1_an_address_of_nobody_gets_no_link,
    sec_4_guessing_is_slowed_down_and_the_right_password_ends_it,
    sec_4_many_guesses_at_once_are_many,
    sec_4_what_was_tried_long_ago_is_swept,
    sec_6_an_unknown_address_takes_as_long_as_a_wrong_password,
);

const NEW: &str = "another long password";

async fn sec_1_a_changed_password_ends_the_other_sign_ins(world: World) {
    let here = world.person(EMAIL).await;
    let there = world.sign_in(EMAIL, PASSWORD).await.unwrap();
    world.backend.change_password(&here, PASSWORD, NEW).await.unwrap();
    assert!(world.backend.who(&here).await.unwrap().is_some());
    assert_eq!(world.backend.who(&there).await, Err(Error::NotSignedIn));
    assert_eq!(world.sign_in(EMAIL, PASSWORD).await, Err(Error::WrongCredentials));
    world.sign_in(EMAIL, NEW).await.unwrap();
}

async fn sec_1_the_current_password_is_asked_for(world: World) {
    let here = world.person(EMAIL).await;
    for (current, new, wrong) in [("not it", NEW, "current"), (PASSWORD, "short", "password")] {
        let refused = world.backend.change_password(&here, current, new).await;
        assert!(matches!(&refused, Err(Error::InvalidValue { field, .. }) if field == wrong));
    }
    let guest = world.guest().await;
    let refused = world.backend.change_password(&guest, PASSWORD, NEW).await;
    assert_eq!(refused, Err(Error::NotSignedIn));
    world.sign_in(EMAIL, PASSWORD).await.unwrap();
}

async fn reset(world: &World, link: &ResetLink, password: &str) -> Result<()> {
    let new = NewPassword { token: link.token.expose_secret(), password, device: DEVICE };
    let token = world.backend.reset_password(&world.guest().await, new).await?;
    let visitor = world.backend.visitor(token.as_str()).unwrap();
    assert_eq!(world.backend.who(&visitor).await.unwrap().unwrap().email, EMAIL);
    Ok(())
}

async fn sec_1_a_link_sets_a_new_password_once(world: World) {
    let before = world.person(EMAIL).await;
    let link = world.backend.reset_link("ADA@example.org").await.unwrap().unwrap();
    assert_eq!(link.email, EMAIL);
    assert!(link.path().starts_with("/reset?token="));
    // What is wrong with the password does not cost the link.
    let refused = reset(&world, &link, "short").await;
    assert!(matches!(refused, Err(Error::InvalidValue { field, .. }) if field == "password"));
    reset(&world, &link, NEW).await.unwrap();
    assert_eq!(world.backend.who(&before).await, Err(Error::NotSignedIn));
    assert_eq!(reset(&world, &link, NEW).await, Err(Error::LinkExpired));
    world.sign_in(EMAIL, NEW).await.unwrap();
    // The database does not have it.
    let stored = world.database.stored_bytes();
    let token = link.token.expose_secret().as_bytes();
    assert!(!stored.windows(token.len()).any(|window| window == token));
}

async fn sec_1_a_link_works_for_a_while(world: World) {
    world.person(EMAIL).await;
    let link = world.backend.reset_link(EMAIL).await.unwrap().unwrap();
    world.clock.advance(2 * HOUR_MS);
    assert_eq!(reset(&world, &link, NEW).await, Err(Error::LinkExpired));
    // Of many the newest ones work.
    let mut links = Vec::new();
    for _ in 0..7 {
        world.clock.advance(1);
        links.push(world.backend.reset_link(EMAIL).await.unwrap().unwrap());
    }
    assert_eq!(reset(&world, &links[0], NEW).await, Err(Error::LinkExpired));
    reset(&world, &links[6], NEW).await.unwrap();
}

async fn sec_1_an_address_of_nobody_gets_no_link(world: World) {
    assert!(world.backend.reset_link("nobody@example.org").await.unwrap().is_none());
    let refused = world.backend.reset_link("no address").await;
    assert!(matches!(refused, Err(Error::InvalidValue { .. })));
}

async fn sec_4_guessing_is_slowed_down_and_the_right_password_ends_it(world: World) {
    world.person(EMAIL).await;
    for email in [EMAIL, "nobody@example.org"] {
        for _ in 0..5 {
            assert_eq!(world.sign_in(email, "not it").await, Err(Error::WrongCredentials));
        }
        // Whoever it is, and also with the right one.
        let refused = world.sign_in(email, PASSWORD).await;
        assert_eq!(refused, Err(Error::RateLimited { retry_after_ms: 1_000 }), "{email}");
    }
    world.clock.advance(1_000);
    assert_eq!(world.sign_in(EMAIL, "not it").await, Err(Error::WrongCredentials));
    let refused = world.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(refused, Err(Error::RateLimited { retry_after_ms: 2_000 }));
    world.clock.advance(2_000);
    world.sign_in(EMAIL, PASSWORD).await.unwrap();
    assert_eq!(world.sign_in(EMAIL, "not it").await, Err(Error::WrongCredentials));
    world.sign_in(EMAIL, PASSWORD).await.unwrap();
}

async fn sec_4_many_guesses_at_once_are_many(world: World) {
    world.person(EMAIL).await;
    let guesses = (0..20).map(|_| world.sign_in(EMAIL, "not it"));
    let answers = futures::future::join_all(guesses).await;
    let tried = answers.iter().filter(|answer| **answer == Err(Error::WrongCredentials)).count();
    assert_eq!(tried, 5, "{answers:?}");
}

async fn sec_4_what_was_tried_long_ago_is_swept(world: World) {
    world.person(EMAIL).await;
    world.backend.reset_link(EMAIL).await.unwrap();
    let _ = world.sign_in("nobody@example.org", "not it").await;
    assert_eq!(world.backend.sweep_sign_ins().await.unwrap(), 0);
    world.clock.advance(25 * HOUR_MS);
    assert_eq!(world.backend.sweep_sign_ins().await.unwrap(), 2);
}

/// 200 tries of each, in turn, so that whatever else the machine does meets both. Compared are the medians: the
/// tails are the machine's.
async fn sec_6_an_unknown_address_takes_as_long_as_a_wrong_password(world: World) {
    world.person(EMAIL).await;
    let guest = world.guest().await;
    let mut took = [Vec::new(), Vec::new()];
    for round in 0..200 {
        // Nobody is slowed down: each address is tried after the time to wait.
        world.clock.advance(25 * HOUR_MS);
        let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
        for which in order {
            let email = [EMAIL, "nobody@example.org"][which];
            let begun = Instant::now();
            let refused = world.backend.sign_in(
                &guest,
                email,
                "not the password",
                holdfast_domain::account::GuestWork::Leave,
                DEVICE,
                false,
            );
            assert_eq!(refused.await.unwrap_err(), Error::WrongCredentials);
            took[which].push(begun.elapsed());
        }
    }
    let [wrong, unknown] = took.map(|mut took| {
        took.sort_unstable();
        took[took.len() / 2]
    });
    let (less, more) = (wrong.min(unknown), wrong.max(unknown));
    assert!(less > Duration::from_millis(5), "a password is hashed in {less:?}");
    assert!(more - less < more / 10, "a wrong password {wrong:?}, an unknown address {unknown:?}");
}
