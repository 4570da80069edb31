//! SEC-1: a guest becomes somebody and keeps everything; signing in and out.

use holdfast_domain::Error;
use holdfast_domain::account::{GuestWork, PageOf};
use serde_json::json;

use crate::harness::{Device, EMAIL, PASSWORD, World, contract, sign_in};

contract!(
    sec_1_a_guest_who_registers_keeps_everything,
    sec_1_who_registers_without_work_is_somebody_too,
    sec_1_an_address_is_somebodys_once,
    sec_1_another_browser_signs_in_to_the_same_sessions,
    sec_1_what_is_no_address_or_no_password_is_refused_at_its_field,
    tab_7_the_page_of_another_account_is_refused,
    tab_7_the_page_of_an_account_is_refused_where_the_browser_is_signed_out,
    sec_1_who_signed_out_is_nobody_and_the_cookie_does_not_come_to_life_again,
    sec_5_the_database_has_neither_address_nor_password_nor_device,
);

async fn saved(world: &World) -> Device {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    device
}

async fn sec_1_a_guest_who_registers_keeps_everything(world: World) {
    let mut device = saved(&world).await;
    let guest = device.visitor.clone();
    assert_eq!(world.backend.who(&guest).await.unwrap(), None);
    device.visitor = world.register(&guest, " Ada@Example.ORG ").await;
    let account = world.backend.who(&device.visitor).await.unwrap().unwrap();
    assert_eq!(account.email, EMAIL);
    device.edit(json!({"b": 2}));
    device.sync(&world.backend).await;
    device.load(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1, "b": 2}));
    // Whoever had the guest's cookie has no part in the account.
    assert_eq!(world.backend.list_sessions(&guest).await, Err(Error::NotSignedIn));
    let again = world.backend.register(&device.visitor, "b@example.org", PASSWORD, "").await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
}

async fn sec_1_who_registers_without_work_is_somebody_too(world: World) {
    let visitor = world.person(EMAIL).await;
    assert_eq!(world.backend.who(&visitor).await.unwrap().unwrap().email, EMAIL);
    assert_eq!(world.backend.list_sessions(&visitor).await.unwrap(), []);
}

async fn sec_1_an_address_is_somebodys_once(world: World) {
    world.person(EMAIL).await;
    let guest = saved(&world).await.visitor;
    let refused = world.backend.register(&guest, "ADA@example.org", PASSWORD, "").await;
    assert!(matches!(refused, Err(Error::InvalidValue { field, .. }) if field == "email"));
    // They are the guest they were.
    assert_eq!(world.backend.list_sessions(&guest).await.unwrap().len(), 1);
    assert_eq!(world.backend.who(&guest).await.unwrap(), None);
}

async fn sec_1_another_browser_signs_in_to_the_same_sessions(mut world: World) {
    let mut device = saved(&world).await;
    device.visitor = world.register(&device.visitor, EMAIL).await;
    world.restart().await;
    let mut second = device.beside();
    second.visitor = world.sign_in("Ada@example.org", PASSWORD).await.unwrap();
    second.load(&world.backend).await;
    assert_eq!(second.json(), json!({"a": 1}));
    second.edit(json!({"b": 2}));
    second.sync(&world.backend).await;
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1, "b": 2}));
    for (email, password) in [
        (EMAIL, "correct horse batterx"),
        ("eve@example.org", PASSWORD),
        ("no address", PASSWORD),
        (EMAIL, ""),
    ] {
        let refused = world.sign_in(email, password).await;
        assert_eq!(refused, Err(Error::WrongCredentials), "{email} {password}");
    }
}

async fn sec_1_what_is_no_address_or_no_password_is_refused_at_its_field(world: World) {
    let guest = world.guest().await;
    for (email, password, wrong) in [
        ("ada", PASSWORD, "email"),
        ("", PASSWORD, "email"),
        (EMAIL, "short", "password"),
        (EMAIL, "", "password"),
    ] {
        let refused = world.backend.register(&guest, email, password, "").await;
        let Err(Error::InvalidValue { field, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(field, wrong);
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM accounts").await, 0);
}

async fn tab_7_the_page_of_another_account_is_refused(world: World) {
    let mut ada = saved(&world).await;
    ada.visitor = world.register(&ada.visitor, EMAIL).await;
    let ada_id = world.backend.who(&ada.visitor).await.unwrap().unwrap().id;
    let ben = world.person("ben@example.org").await;
    // Ada's tab is open still while the cookie is Ben's.
    let mixed = ben.clone().on_page_of(PageOf::Account(ada_id));
    ada.visitor = mixed.clone();
    ada.edit(json!({"b": 2}));
    assert_eq!(ada.exchange(&world.backend).await.unwrap_err(), Error::OtherAccount);
    let mut new = Device::new(&mixed);
    new.edit(json!({"new": 1}));
    assert_eq!(new.exchange(&world.backend).await.unwrap_err(), Error::OtherAccount);
    assert_eq!(world.backend.list_sessions(&mixed).await, Err(Error::OtherAccount));
    // So is a guest's page.
    let guest = ben.clone().on_page_of(PageOf::Guest);
    assert_eq!(world.backend.list_sessions(&guest).await, Err(Error::OtherAccount));
    assert_eq!(world.backend.list_sessions(&ben).await.unwrap(), []);
    let page = world.backend.who(&ben).await.unwrap().unwrap().id;
    let own = ben.on_page_of(PageOf::Account(page));
    assert_eq!(world.backend.list_sessions(&own).await.unwrap(), []);
}

async fn tab_7_the_page_of_an_account_is_refused_where_the_browser_is_signed_out(world: World) {
    let mut ada = saved(&world).await;
    ada.visitor = world.register(&ada.visitor, EMAIL).await;
    let id = world.backend.who(&ada.visitor).await.unwrap().unwrap().id;
    // The cookie is a new guest's, who has written nothing, or something.
    for guest in [world.guest().await, saved(&world).await.visitor] {
        let mut beside = Device::new(&guest.on_page_of(PageOf::Account(id)));
        beside.edit(json!({"new": 1}));
        assert_eq!(beside.exchange(&world.backend).await.unwrap_err(), Error::NotSignedIn);
        assert_eq!(world.backend.who(&beside.visitor).await, Err(Error::NotSignedIn));
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 2);
}

async fn sec_1_who_signed_out_is_nobody_and_the_cookie_does_not_come_to_life_again(world: World) {
    let mut device = saved(&world).await;
    device.visitor = world.register(&device.visitor, EMAIL).await;
    let next = world.backend.sign_out(&device.visitor).await.unwrap();
    let next = world.backend.visitor(next.as_str()).unwrap();
    assert_eq!(world.backend.who(&next).await.unwrap(), None);
    assert_eq!(world.backend.list_sessions(&next).await.unwrap(), []);

    device.edit(json!({"b": 2}));
    assert_eq!(device.exchange(&world.backend).await.unwrap_err(), Error::NotSignedIn);
    let mut new = Device::new(&device.visitor);
    new.edit(json!({"new": 1}));
    assert_eq!(new.exchange(&world.backend).await.unwrap_err(), Error::NotSignedIn);
    assert_eq!(world.backend.sign_out(&device.visitor).await.unwrap_err(), Error::NotSignedIn);
    assert_eq!(world.number("SELECT COUNT(*) FROM accounts").await, 1);
    // A guest cannot sign out: nobody could come back to what they made.
    let guest = saved(&world).await.visitor;
    assert_eq!(world.backend.sign_out(&guest).await.unwrap_err(), Error::NotSignedIn);

    // What was not saved comes with the next sign-in.
    device.visitor =
        sign_in(&world.backend, &next, EMAIL, PASSWORD, GuestWork::Leave).await.unwrap();
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1, "b": 2}));
}

async fn sec_5_the_database_has_neither_address_nor_password_nor_device(world: World) {
    let visitor = world.backend.issue_token();
    let visitor = world.backend.visitor(visitor.as_str()).unwrap();
    let (address, password, device) =
        ("planted-address@example.org", "planted password", "planted device");
    world.backend.register(&visitor, address, password, device).await.unwrap();
    let _ = world.sign_in("planted-unknown@example.org", password).await;
    world.backend.reset_link(address).await.unwrap().unwrap();
    let stored = world.database.stored_bytes();
    let stored = String::from_utf8_lossy(&stored).to_lowercase();
    assert!(stored.contains("argon2id"), "what is looked at is the database");
    assert!(!stored.contains("planted"));
}
