//! Another guest's session answers as one that is not there, whatever is asked of it (SEC-3).

use std::collections::BTreeSet;

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use holdfast_domain::id::SessionId;
use holdfast_domain::wire;
use serde_json::{Value, json};

use crate::functions;
use crate::harness::{Device, Guest, Server, snapshot_request};

/// What a call names.
struct Ids {
    device: Device,
    /// A snapshot and a restore of the session.
    snapshot: Value,
    restore: Value,
    /// A job of it.
    job: Value,
}

/// A session with a snapshot and a restore in it.
pub(crate) struct Theirs(Ids);

impl Theirs {
    pub(crate) async fn of(guest: &Guest) -> Self {
        Self(session_of(guest).await)
    }

    /// Every call that names it.
    pub(crate) fn calls(&self) -> Vec<(&'static str, Vec<u8>)> {
        calls(self.0.device.session, &self.0)
    }
}

/// Every server function that names a session, called for the session in `ids`. In an order in which the
/// owner can call them one after the other.
fn calls(session: SessionId, ids: &Ids) -> Vec<(&'static str, Vec<u8>)> {
    let (snapshot, restore, job) = (&ids.snapshot, &ids.restore, &ids.job);
    let params = json!({"kind": "scan", "location": "place", "path": "", "duplicates": false});
    let new_job = json!({"session": session, "id": SystemEnvironment.uuid(), "params": params});
    let device = Device::of(session);
    let json = |value: Value| value.to_string().into_bytes();
    let update = Device::of(session).edit(&json!({"foreign": true}));
    vec![
        ("save_context", wire::seal(&device.save([update]))),
        ("save_context", wire::seal(&device.pull(None))),
        ("load_context", wire::seal(&session)),
        ("touch_session", json(json!({"session": session}))),
        ("rename_session", json(json!({"session": session, "name": "Renamed"}))),
        ("link_mission", json(json!({"session": session, "mission": SystemEnvironment.uuid()}))),
        ("list_snapshots", json(json!({"session": session}))),
        (
            "create_snapshot",
            json(json!({"session": session, "request": snapshot_request("Another")})),
        ),
        ("preview_snapshot", json(json!({"session": session, "snapshot": snapshot}))),
        ("pin_snapshot", json(json!({"session": session, "snapshot": snapshot, "pinned": true}))),
        ("undo_restore", json(json!({"session": session, "restore": restore, "confirmed": true}))),
        ("restore_snapshot", json(json!({"session": session, "snapshot": snapshot}))),
        ("delete_snapshot", json(json!({"session": session, "snapshot": snapshot}))),
        ("list_jobs", json(json!({"session": session}))),
        ("start_job", json(new_job)),
        ("find_job", json(json!({"id": job}))),
        ("step_job", json(json!({"id": job, "step": "cancel"}))),
        ("remove_job", json(json!({"id": job}))),
        ("find_session", json(json!({"session": session}))),
        ("duplicate_session", json(json!({"session": session}))),
        ("step_session", json(json!({"session": session, "step": "complete"}))),
    ]
}

/// Those that name none: they speak of the caller's own account only.
pub(crate) const OWN: [&str; 10] = [
    "list_sessions",
    "gone_sessions",
    "share_context",
    "load_preferences",
    "read_statistics",
    "set_preferences",
    "renew_storage",
    "expire_sign_in",
    "list_locations",
    "list_folder",
];

async fn session_of(guest: &Guest) -> Ids {
    let mut device = Device::new();
    let update = device.edit(&json!({"diary": "then"}));
    assert_eq!(guest.save(&device.save([update])).await.status, 200);
    let session = device.session;
    let request = json!({"session": session, "request": snapshot_request("Mine")});
    let snapshot = guest.call("create_snapshot", &request).await.json()["id"].clone();
    let update = device.edit(&json!({"diary": "now"}));
    assert_eq!(guest.save(&device.save([update])).await.status, 200);
    let request = json!({"session": session, "snapshot": snapshot});
    let restore = guest.call("restore_snapshot", &request).await.json()["restore"].clone();
    let id = SystemEnvironment.uuid();
    let params = json!({"kind": "scan", "location": "place", "path": "", "duplicates": false});
    let request = json!({"session": session, "id": id, "params": params});
    let job = guest.call("start_job", &request).await.json()["id"].clone();
    Ids { device, snapshot, restore, job }
}

#[tokio::test]
async fn sec_3_another_guests_session_is_not_there_for_any_server_function() {
    let server = Server::start().await;
    let (owner, stranger) = (server.guest().await, server.guest().await);
    let theirs = session_of(&owner).await;
    let newcomer = server.guest().await;
    session_of(&stranger).await;
    let session = theirs.device.session;
    let before = theirs.device.log(&owner).await;

    let calls = calls(session, &theirs);
    let named: BTreeSet<&str> = calls.iter().map(|(name, _)| *name).chain(OWN).collect();
    let there: BTreeSet<&str> = functions::names().into_iter().collect();
    let accounts = BTreeSet::from(crate::accounts::FUNCTIONS);
    assert_eq!(&named | &accounts, there, "every server function stands in this test");

    // Somebody with sessions of their own, and somebody of whom there is no row yet.
    for caller in [&stranger, &newcomer] {
        for (name, body) in &calls {
            let foreign = caller.send(name, body.clone()).await;
            assert_eq!(foreign.refusal(), (404, "not_found".into()), "{name}");
        }
    }
    assert_eq!(theirs.device.log(&owner).await, before, "nothing reached the session");

    // The same calls are the owner's right, so it was not the calls that were wrong.
    for (name, body) in calls {
        let own = owner.send(name, body).await;
        assert_eq!(own.status, 200, "{name}: {}", own.text());
    }
}

#[tokio::test]
async fn sec_3_a_foreign_session_and_an_unknown_one_are_told_alike() {
    let server = Server::start().await;
    let (owner, stranger) = (server.guest().await, server.guest().await);
    let theirs = session_of(&owner).await;
    let unknown = SessionId::generate(&SystemEnvironment);
    let pairs = calls(theirs.device.session, &theirs).into_iter().zip(calls(unknown, &theirs));
    // The first would create the unknown one, which is its right.
    for ((name, foreign), (_, unknown)) in pairs.skip(1) {
        let (foreign, unknown) =
            (stranger.send(name, foreign).await, stranger.send(name, unknown).await);
        assert_eq!((foreign.status, foreign.body), (unknown.status, unknown.body), "{name}");
    }
}

#[tokio::test]
async fn sec_3_a_foreign_snapshot_is_not_there_in_ones_own_session() {
    let server = Server::start().await;
    let (owner, stranger) = (server.guest().await, server.guest().await);
    let theirs = session_of(&owner).await;
    let own = session_of(&stranger).await;
    let mixed = Ids { device: Device::of(own.device.session), ..theirs };
    let names =
        ["preview_snapshot", "pin_snapshot", "undo_restore", "restore_snapshot", "delete_snapshot"];
    for (name, body) in calls(own.device.session, &mixed) {
        if names.contains(&name) {
            let foreign = stranger.send(name, body).await;
            assert_eq!(foreign.refusal(), (404, "not_found".into()), "{name}");
        }
    }
}

#[tokio::test]
async fn sec_3_what_names_no_session_speaks_of_the_callers_account_only() {
    let server = Server::start().await;
    let (owner, stranger) = (server.guest().await, server.guest().await);
    let theirs = session_of(&owner).await;
    let dark = json!({"preferences": {"theme": "dark"}});
    assert_eq!(owner.call("set_preferences", &dark).await.status, 200);

    assert_eq!(stranger.call("list_sessions", &json!({})).await.json(), json!([]));
    let preferences = stranger.call("load_preferences", &json!({})).await.json();
    assert_eq!(preferences, json!({"theme": "system"}));
    let light = json!({"preferences": {"theme": "light"}});
    assert_eq!(stranger.call("set_preferences", &light).await.status, 200);
    let shared = json!({"key": "diary", "value": "overwritten"});
    assert_eq!(stranger.call("share_context", &shared).await.json(), json!(0));

    let preferences = owner.call("load_preferences", &json!({})).await.json();
    assert_eq!(preferences, json!({"theme": "dark"}));
    let mut reader = Device::of(theirs.device.session);
    for update in reader.log(&owner).await {
        reader.context.apply(&update).unwrap();
    }
    assert_eq!(reader.context.to_json(), json!({"diary": "then"}));
}

#[tokio::test]
async fn sec_3_nobody_without_a_token_calls_anything() {
    let server = Server::start().await;
    let owner = server.guest().await;
    let theirs = session_of(&owner).await;
    let nobody = Guest { cookie: "other=1".into(), ..owner };
    for (name, body) in calls(theirs.device.session, &theirs) {
        let refused = nobody.send(name, body).await;
        assert_eq!(refused.refusal(), (401, "not_signed_in".into()), "{name}");
    }
    for name in OWN {
        assert_eq!(nobody.send(name, "{}").await.refusal().0, 401, "{name}");
    }
}
