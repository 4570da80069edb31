//! What an operator does with accounts, and what their persons do to end them (SEC-1).

use holdfast_backend::{AuditFilter, UserState, Visitor};
use holdfast_domain::Error;
use holdfast_domain::account::GuestWork;
use holdfast_domain::shared::{Preferences, Theme};
use serde_json::json;

use crate::harness::{DAY_MS, DEVICE, Device, EMAIL, PASSWORD, World, contract, sign_in};

contract!(
    ops_1_an_operator_makes_lists_and_disables_accounts,
    sec_1_a_disabled_account_is_refused_everywhere_until_it_is_enabled,
    sec_1_deleting_asks_for_the_password_and_can_be_undone_by_signing_in,
    sec_1_after_the_grace_time_everything_of_an_account_is_destroyed,
    sec_5_what_is_destroyed_takes_its_keys_along,
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

/// Ada with two sessions, one of them a guest's before, and Ben with one.
async fn ada_and_ben(world: &World) -> (Visitor, Device) {
    let ada = world.person(EMAIL).await;
    let mut session = Device::new(&ada);
    session.edit(json!({"planted": "Ada's"}));
    session.snapshot("Planted");
    session.sync(&world.backend).await;
    world.backend.share(&ada, "planted", json!(1)).await.unwrap();
    let dark = Preferences { theme: Theme::Dark };
    world.backend.set_preferences(&ada, &dark).await.unwrap();
    let mut guest = Device::new(&world.guest().await);
    guest.edit(json!({"planted": "a guest's"}));
    guest.sync(&world.backend).await;
    let bring = GuestWork::Bring;
    sign_in(&world.backend, &guest.visitor, EMAIL, PASSWORD, bring).await.unwrap();
    let mut ben = Device::new(&world.person("ben@example.org").await);
    ben.edit(json!({"mine": "Ben's"}));
    ben.sync(&world.backend).await;
    (ada, ben)
}

async fn sec_1_after_the_grace_time_everything_of_an_account_is_destroyed(world: World) {
    let (ada, mut ben) = ada_and_ben(&world).await;
    let id = world.backend.who(&ada).await.unwrap().unwrap().id;
    world.backend.delete_account(&ada, PASSWORD).await.unwrap();
    assert_eq!(world.backend.destroy_deleted_accounts().await.unwrap(), 0);
    world.clock.advance(7 * DAY_MS);
    // It cannot be kept any more, swept or not.
    let guest = world.guest().await;
    let late = world.backend.sign_in(&guest, EMAIL, PASSWORD, GuestWork::Leave, DEVICE, true).await;
    assert_eq!(late.unwrap_err(), Error::WrongCredentials);
    assert_eq!(world.backend.destroy_deleted_accounts().await.unwrap(), 1);
    assert_eq!(world.backend.destroy_deleted_accounts().await.unwrap(), 0);

    for (table, column, left) in [
        ("accounts", "id", 1),
        ("sessions", "account", 1),
        // Ben's, and the one he had as a guest.
        ("sign_ins", "account", 2),
        ("shared_values", "account", 0),
        ("preferences", "account", 0),
        ("snapshots", "session", 0),
        ("context_updates", "session", 1),
        ("context_clients", "session", 1),
    ] {
        let all = world.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        assert_eq!(all, left, "{table}");
        let hers = format!("SELECT COUNT(*) FROM {table} WHERE {column} = '{id}'");
        assert_eq!(world.number(&hers).await, 0, "{table}");
    }
    // The log of what happened holds, and says no more than that.
    world.backend.verify_audit(None).await.unwrap();
    let sql =
        format!("SELECT COUNT(*) FROM audit WHERE account = '{id}' AND kind = 'account_deleted'");
    assert_eq!(world.number(&sql).await, 1);
    // The address is free, and nothing of before comes with it.
    let again = world.person(EMAIL).await;
    assert_eq!(world.backend.list_sessions(&again).await.unwrap(), []);
    assert_eq!(world.backend.audit(&again, &AuditFilter::default()).await.unwrap().len(), 1);
    ben.edit(json!({"more": 1}));
    ben.sync(&world.backend).await;
}

async fn sec_5_what_is_destroyed_takes_its_keys_along(world: World) {
    let (ada, ben) = ada_and_ben(&world).await;
    // Of Ada, of her two sessions, of the guest one was brought from; of Ben and of his session.
    assert_eq!(world.number("SELECT COUNT(*) FROM keys WHERE id NOT LIKE 'purpose:%'").await, 6);
    world.backend.delete_account(&ada, PASSWORD).await.unwrap();
    world.clock.advance(7 * DAY_MS);
    world.backend.destroy_deleted_accounts().await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM keys WHERE id NOT LIKE 'purpose:%'").await, 2);
    world.backend.context_json(&ben.visitor, ben.session).await.unwrap();
}
