//! SEC-3: what belongs to another account is not there. And who is asking.

use holdfast_backend::{SystemEnvironment, Visitor};
use holdfast_domain::id::{RestoreId, SessionId, SnapshotId};
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::shared::{Preferences, Theme};
use holdfast_domain::wire::{SaveItem, SaveRequest};
use holdfast_domain::{Environment, Error, Result};
use serde_json::json;

use crate::harness::{Device, World, contract, snapshot_request};

contract!(
    sec_3_another_account_finds_nothing,
    sec_1_a_visit_writes_nothing,
    sec_1_a_token_signs_in_where_it_was_issued,
    sec_1_preferences_belong_to_the_account,
);

/// What a call is named in a failed assertion, and what it answered.
type Answers = Vec<(&'static str, Result<()>)>;

/// A save by a device of the visitor's that took another's session for its own.
fn intruding(visitor: &Visitor, session: SessionId) -> SaveRequest {
    let mut device = Device::new(visitor);
    device.session = session;
    device.edit(json!({"foreign": 1}));
    device.request()
}

/// Every call that names a session and does not create it.
async fn every_call(
    world: &World,
    visitor: &Visitor,
    session: SessionId,
    snapshot: SnapshotId,
    restore: RestoreId,
) -> Answers {
    let backend = &world.backend;
    let plain = SaveRequest { create: None, ..intruding(visitor, session) };
    let pull = SaveRequest { items: vec![], active: false, ..plain.clone() };
    let used = SaveRequest { active: true, ..pull.clone() };
    let asking = SaveRequest { want_state_vector: true, ..pull.clone() };
    let bad = SaveRequest { items: vec![SaveItem::Update(vec![7])], ..plain.clone() };
    let marker = SaveItem::Snapshot(snapshot_request("Mine"));
    let marker = SaveRequest { items: vec![marker], ..plain.clone() };
    vec![
        ("save", backend.save(visitor, plain).await.map(drop)),
        ("pull", backend.save(visitor, pull).await.map(drop)),
        ("save activity", backend.save(visitor, used).await.map(drop)),
        ("ask for the state vector", backend.save(visitor, asking).await.map(drop)),
        ("save what is refused", backend.save(visitor, bad).await.map(drop)),
        ("save a snapshot", backend.save(visitor, marker).await.map(drop)),
        ("load", backend.load(visitor, session).await.map(drop)),
        ("context_json", backend.context_json(visitor, session).await.map(drop)),
        ("context_entries", backend.context_entries(visitor, session).await.map(drop)),
        ("session", backend.session(visitor, session).await.map(drop)),
        ("rename_session", backend.rename_session(visitor, session, "Mine").await.map(drop)),
        ("touch_session", backend.touch_session(visitor, session).await),
        ("complete", backend.step_session(visitor, session, Step::Complete).await.map(drop)),
        ("delete", backend.step_session(visitor, session, Step::Delete).await.map(drop)),
        ("undelete", backend.step_session(visitor, session, Step::Undelete).await.map(drop)),
        ("link_mission", backend.link_mission(visitor, session, SystemEnvironment.uuid()).await),
        (
            "create_snapshot",
            backend.create_snapshot(visitor, session, snapshot_request("Mine")).await.map(drop),
        ),
        ("list_snapshots", backend.list_snapshots(visitor, session).await.map(drop)),
        ("preview_snapshot", backend.preview_snapshot(visitor, session, snapshot).await.map(drop)),
        ("restore_snapshot", backend.restore_snapshot(visitor, session, snapshot).await.map(drop)),
        ("undo_restore", backend.undo_restore(visitor, session, restore, true).await.map(drop)),
        ("pin_snapshot", backend.pin_snapshot(visitor, session, snapshot, true).await.map(drop)),
        ("delete_snapshot", backend.delete_snapshot(visitor, session, snapshot).await),
    ]
}

/// Every call that would create the session if nobody had it.
async fn every_creating_call(world: &World, visitor: &Visitor, session: SessionId) -> Answers {
    let backend = &world.backend;
    let creating = intruding(visitor, session);
    let pull = SaveRequest { items: vec![], ..creating.clone() };
    let rename = SaveRequest { rename: true, ..pull.clone() };
    let bad = SaveRequest { items: vec![SaveItem::Update(vec![7])], ..creating.clone() };
    vec![
        ("save and create", backend.save(visitor, creating).await.map(drop)),
        ("pull and create", backend.save(visitor, pull).await.map(drop)),
        ("save with a name", backend.save(visitor, rename).await.map(drop)),
        ("create by what is refused", backend.save(visitor, bad).await.map(drop)),
    ]
}

async fn sec_3_another_account_finds_nothing(world: World) {
    let mut owner = Device::new(&world.guest().await);
    owner.edit(json!({"mine": 1}));
    let snapshot = owner.snapshot("Mine");
    owner.sync(&world.backend).await;
    owner.edit(json!({"mine": 2}));
    owner.sync(&world.backend).await;
    let restored =
        world.backend.restore_snapshot(&owner.visitor, owner.session, snapshot).await.unwrap();

    let stranger = world.guest().await;
    let mut known = Device::new(&world.guest().await);
    known.edit(json!({"theirs": 1}));
    known.sync(&world.backend).await;
    let rows = world.number("SELECT COUNT(*) FROM context_updates").await;
    for visitor in [&stranger, &known.visitor] {
        let restore = restored.restore;
        let mut answers = every_call(&world, visitor, owner.session, snapshot, restore).await;
        answers.extend(every_creating_call(&world, visitor, owner.session).await);
        for (call, answer) in answers {
            assert_eq!(answer, Err(Error::NotFound), "{call}");
        }
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, rows);
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 2);
    // The answer to an id that nobody has is the same.
    let nobodys = SessionId::generate(&SystemEnvironment);
    let restore = restored.restore;
    for (call, answer) in every_call(&world, &known.visitor, nobodys, snapshot, restore).await {
        assert_eq!(answer, Err(Error::NotFound), "{call}");
    }
    assert_eq!(world.backend.list_sessions(&stranger).await.unwrap(), []);
    // The owner was not disturbed.
    owner.load(&world.backend).await;
    assert_eq!(owner.json(), json!({"mine": 1}));
    let session = world.backend.session(&owner.visitor, owner.session).await.unwrap();
    assert_eq!((session.name.as_str(), session.state), ("My session", SessionState::Active));

    // A snapshot or restore of another session of the same account is not this session's.
    let mut second = Device::new(&owner.visitor);
    second.edit(json!({"second": 1}));
    second.sync(&world.backend).await;
    let (backend, session) = (&world.backend, second.session);
    let answers = [
        backend.preview_snapshot(&owner.visitor, session, snapshot).await.map(drop),
        backend.restore_snapshot(&owner.visitor, session, snapshot).await.map(drop),
        backend.undo_restore(&owner.visitor, session, restored.restore, true).await.map(drop),
        backend.pin_snapshot(&owner.visitor, session, snapshot, true).await.map(drop),
        backend.delete_snapshot(&owner.visitor, session, snapshot).await,
    ];
    for answer in answers {
        assert_eq!(answer, Err(Error::NotFound));
    }
}

async fn sec_1_a_visit_writes_nothing(world: World) {
    let visitor = world.guest().await;
    assert_eq!(world.backend.list_sessions(&visitor).await.unwrap(), []);
    assert_eq!(world.backend.preferences(&visitor).await.unwrap(), Preferences::default());
    let nobodys = SessionId::generate(&SystemEnvironment);
    assert_eq!(world.backend.load(&visitor, nobodys).await.unwrap_err(), Error::NotFound);
    let mut device = Device::new(&visitor);
    device.create = false;
    device.edit(json!({"a": 1}));
    let error = world.backend.save(&visitor, device.request()).await.unwrap_err();
    assert_eq!(error, Error::NotFound);
    for table in ["accounts", "sign_ins", "sessions", "keys WHERE id NOT LIKE 'purpose:%'"] {
        assert_eq!(world.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}

async fn sec_1_a_token_signs_in_where_it_was_issued(mut world: World) {
    let token = world.backend.issue_token();
    let visitor = world.backend.visitor(token.as_str()).unwrap();
    let mut device = Device::new(&visitor);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    // Whoever found out before the first write that the visitor is new still is the same.
    device.edit(json!({"a": 2}));
    device.sync(&world.backend).await;
    world.restart().await;
    let known = world.backend.visitor(token.as_str()).unwrap();
    assert_eq!(world.backend.list_sessions(&known).await.unwrap().len(), 1);

    assert_ne!(world.backend.issue_token(), token);
    let mut forged = token.as_str().to_owned();
    forged.replace_range(0..1, if forged.starts_with('0') { "1" } else { "0" });
    for bad in ["", "x", forged.as_str(), &token.as_str()[1..], &"0".repeat(128)] {
        assert_eq!(world.backend.visitor(bad), Err(Error::NotSignedIn), "{bad}");
    }
    // The database does not have the token.
    let stored = world.database.stored_bytes();
    let token = token.as_str().as_bytes();
    assert!(!stored.windows(64).any(|window| window == &token[..64]));
}

async fn sec_1_preferences_belong_to_the_account(world: World) {
    let visitor = world.guest().await;
    let dark = Preferences { theme: Theme::Dark };
    world.backend.set_preferences(&visitor, &dark).await.unwrap();
    assert_eq!(world.backend.preferences(&visitor).await.unwrap(), dark);
    let light = Preferences { theme: Theme::Light };
    world.backend.set_preferences(&visitor, &light).await.unwrap();
    assert_eq!(world.backend.preferences(&visitor).await.unwrap(), light);
    let other = world.guest().await;
    assert_eq!(world.backend.preferences(&other).await.unwrap(), Preferences::default());
}
