//! What an operator does with accounts, and what their persons do to end them (SEC-1).

use holdfast_backend::UserState;
use holdfast_domain::Error;
use holdfast_domain::account::GuestWork;
use serde_json::json;

use crate::harness::{DAY_MS, DEVICE, Device, EMAIL, PASSWORD, World, contract};

contract!(
    ops_1_an_operator_makes_lists_and_disables_accounts,
    sec_1_a_disabled_account_is_refused_everywhere_until_it_is_enabled,
    sec_1_deleting_asks_for_the_password_and_can_be_undone_by_signing_in,
);

async fn ops_1_an_operator_makes_lists_and_disables_accounts(world: World) {
    let id = world.backend.create_user("Ben@Example.org", PASSWORD).await.unwrap();
    world.clock.advance(1);
    world.person(EMAIL).await;
    // A guest is nobody yet.
    let mut guest = Device::new(&world.guest().await);
    guest.edit(json!({"a": 1}));
    guest.sync(&world.backend).await;
    let users = world.backend.users().await.unwrap();
    let emails: Vec<&str> = users.iter().map(|user| user.email.as_str()).collect();
    assert_eq!(emails, ["ben@example.org", EMAIL]);
    assert_eq!((users[0].id, users[0].state), (id, UserState::Active));
    world.sign_in("ben@example.org", PASSWORD).await.unwrap();
    let again = world.backend.create_user("ben@example.org", PASSWORD).await;
    assert!(matches!(again, Err(Error::InvalidValue { field, .. }) if field == "email"));
    assert_eq!(world.number("SELECT COUNT(*) FROM accounts").await, 3);
    let nobody = world.backend.disable_user("nobody@example.org", true).await;
    assert_eq!(nobody, Err(Error::NotFound));
}

async fn sec_1_a_disabled_account_is_refused_everywhere_until_it_is_enabled(world: World) {
    let mut device = Device::new(&world.person(EMAIL).await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    world.backend.disable_user(EMAIL, true).await.unwrap();
    world.backend.disable_user(EMAIL, true).await.unwrap();
    assert_eq!(world.backend.users().await.unwrap()[0].state, UserState::Disabled);
    device.edit(json!({"b": 2}));
    assert_eq!(device.exchange(&world.backend).await.unwrap_err(), Error::AccountDisabled);
    assert_eq!(world.backend.list_sessions(&device.visitor).await, Err(Error::AccountDisabled));
    assert_eq!(world.sign_in(EMAIL, PASSWORD).await, Err(Error::AccountDisabled));
    // Whoever does not know the password does not learn that there is an account.
    assert_eq!(world.sign_in(EMAIL, "not it").await, Err(Error::WrongCredentials));
    assert!(world.backend.reset_link(EMAIL).await.unwrap().is_none());

    world.backend.disable_user(EMAIL, false).await.unwrap();
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1, "b": 2}));
}

async fn sec_1_deleting_asks_for_the_password_and_can_be_undone_by_signing_in(world: World) {
    let mut device = Device::new(&world.person(EMAIL).await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    let refused = world.backend.delete_account(&device.visitor, "not it").await;
    assert!(matches!(refused, Err(Error::InvalidValue { field, .. }) if field == "password"));
    world.backend.delete_account(&device.visitor, PASSWORD).await.unwrap();
    let at_ms = world.backend.now_ms() + 7 * DAY_MS;
    assert_eq!(world.backend.users().await.unwrap()[0].state, UserState::Deleting(at_ms));
    assert_eq!(world.backend.list_sessions(&device.visitor).await, Err(Error::NotSignedIn));

    world.clock.advance(6 * DAY_MS);
    assert_eq!(world.sign_in(EMAIL, "not it").await, Err(Error::WrongCredentials));
    assert_eq!(world.sign_in(EMAIL, PASSWORD).await, Err(Error::AccountDeleting { at_ms }));
    let guest = world.guest().await;
    let kept = world.backend.sign_in(&guest, EMAIL, PASSWORD, GuestWork::Leave, DEVICE, true).await;
    device.visitor = world.backend.visitor(kept.unwrap().as_str()).unwrap();
    device.load(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1}));
    assert_eq!(world.backend.users().await.unwrap()[0].state, UserState::Active);
}
