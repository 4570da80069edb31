//! SEC-1: a guest with work signs in to an account that is there already, and brings the work along or not.

use holdfast_domain::Error;
use holdfast_domain::account::GuestWork;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionSummary;
use serde_json::json;

use crate::harness::{DEVICE, Device, EMAIL, PASSWORD, World, contract, sign_in};

contract!(
    sec_1_a_guests_work_is_brought_along,
    sec_1_a_guests_work_stays_where_it_is_not_brought,
    sec_1_what_was_brought_is_edited_on_by_every_node,
    sync_4_what_was_brought_gets_the_values_of_its_new_account,
    sec_1_only_a_guests_work_is_brought,
);

fn ids(sessions: &[SessionSummary]) -> Vec<SessionId> {
    sessions.iter().map(|session| session.id).collect()
}

/// Ada, who has a session, and a guest with another one and a snapshot in it.
async fn both(world: &World) -> (Device, Device) {
    let mut ada = Device::new(&world.person(EMAIL).await);
    ada.edit(json!({"ada": 1}));
    ada.sync(&world.backend).await;
    let mut guest = Device::new(&world.guest().await);
    guest.edit(json!({"guest": 1}));
    guest.snapshot("Before");
    guest.sync(&world.backend).await;
    (ada, guest)
}

async fn sec_1_a_guests_work_is_brought_along(world: World) {
    let (ada, mut guest) = both(&world).await;
    let before = guest.visitor.clone();
    guest.visitor =
        sign_in(&world.backend, &before, EMAIL, PASSWORD, GuestWork::Bring).await.unwrap();
    let sessions = world.backend.list_sessions(&ada.visitor).await.unwrap();
    assert_eq!(ids(&sessions).len(), 2);
    // The same device goes on with its document and client id.
    guest.edit(json!({"guest": 2}));
    guest.sync(&world.backend).await;
    let snapshots = world.backend.list_snapshots(&guest.visitor, guest.session).await.unwrap();
    assert!(snapshots.iter().all(|snapshot| snapshot.mine) && !snapshots.is_empty());
    // The guest is nobody any more.
    assert_eq!(world.backend.list_sessions(&before).await, Err(Error::NotSignedIn));
    let mut late = Device::new(&before);
    late.edit(json!({"late": 1}));
    assert_eq!(late.exchange(&world.backend).await.unwrap_err(), Error::NotSignedIn);
}

async fn sec_1_a_guests_work_stays_where_it_is_not_brought(world: World) {
    let (ada, mut guest) = both(&world).await;
    let signed_in =
        sign_in(&world.backend, &guest.visitor, EMAIL, PASSWORD, GuestWork::Leave).await.unwrap();
    let sessions = world.backend.list_sessions(&signed_in).await.unwrap();
    assert_eq!(ids(&sessions), [ada.session]);
    // The guest's own cookie would still find it.
    guest.edit(json!({"guest": 2}));
    guest.sync(&world.backend).await;
}

async fn sec_1_what_was_brought_is_edited_on_by_every_node(world: World) {
    let (_, mut guest) = both(&world).await;
    let other = world.another_server().await;
    // Both nodes have in memory whose the device's client id is.
    guest.edit(json!({"guest": 2}));
    guest.sync(&other).await;
    guest.visitor =
        sign_in(&world.backend, &guest.visitor, EMAIL, PASSWORD, GuestWork::Bring).await.unwrap();
    for (node, value) in [(&other, 3), (&world.backend, 4), (&other, 5)] {
        guest.edit(json!({"guest": value}));
        guest.sync(node).await;
    }
    guest.load(&world.backend).await;
    assert_eq!(guest.json(), json!({"guest": 5}));
}

async fn sync_4_what_was_brought_gets_the_values_of_its_new_account(world: World) {
    let (ada, mut guest) = both(&world).await;
    world.backend.share(&ada.visitor, "units", json!("metric")).await.unwrap();
    world.backend.share(&guest.visitor, "units", json!("imperial")).await.unwrap();
    guest.visitor =
        sign_in(&world.backend, &guest.visitor, EMAIL, PASSWORD, GuestWork::Bring).await.unwrap();
    guest.load(&world.backend).await;
    assert_eq!(guest.json(), json!({"guest": 1, "units": "metric"}));
}

async fn sec_1_only_a_guests_work_is_brought(world: World) {
    let (ada, _) = both(&world).await;
    let ben = world.person("ben@example.org").await;
    let mut bens = Device::new(&ben);
    bens.edit(json!({"ben": 1}));
    bens.sync(&world.backend).await;
    // Ben's browser signs in as Ada: nothing of Ben's becomes hers.
    let token = world.backend.sign_in(&ben, EMAIL, PASSWORD, GuestWork::Bring, DEVICE, false);
    let signed_in = world.backend.visitor(token.await.unwrap().as_str()).unwrap();
    let sessions = world.backend.list_sessions(&signed_in).await.unwrap();
    assert_eq!(ids(&sessions), [ada.session]);
    let again = world.sign_in("ben@example.org", PASSWORD).await.unwrap();
    assert_eq!(ids(&world.backend.list_sessions(&again).await.unwrap()), [bens.session]);
}
