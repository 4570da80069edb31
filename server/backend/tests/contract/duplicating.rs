//! SESS-3: a copy of a session.

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Error;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, Step};
use serde_json::json;
use sqlx::Row;

use crate::harness::{DAY_MS, Device, World, contract};
use crate::life::{saved, step};

contract!(
    sess_3_a_duplicate_has_the_context_and_nothing_else,
    sess_3_duplicating_twice_makes_one,
    sess_3_a_session_in_any_state_is_duplicated_but_a_deleted_one,
    sess_3_only_its_own_account_duplicates_a_session,
    sess_3_a_duplicate_that_broke_off_is_made_by_the_next_try,
    sess_3_a_duplicate_that_broke_off_goes_with_the_sweep,
);

fn new_id() -> SessionId {
    SessionId::generate(&SystemEnvironment)
}

async fn sess_3_a_duplicate_has_the_context_and_nothing_else(world: World) {
    let backend = &world.backend;
    let mut device = Device::new(&world.guest().await);
    device.write("/notes", "First.");
    device.snapshot("then");
    device.edit(json!({"a": {"b": [1, 2]}, "gone": 1}));
    device.edit(json!({"gone": null}));
    device.sync(backend).await;
    world.clock.advance(60_000);
    let (visitor, to) = (device.visitor.clone(), new_id());
    let copy = backend.duplicate(&visitor, device.session, to, None).await.unwrap();
    assert_eq!(
        (copy.id, &*copy.name, copy.state),
        (to, "Copy of My session", SessionState::Active)
    );
    assert_eq!(copy.active_at_ms, backend.now_ms());
    assert_eq!(backend.session(&visitor, to).await.unwrap(), copy);
    assert_eq!(backend.context_json(&visitor, to).await.unwrap(), device.json());
    assert_eq!(backend.list_snapshots(&visitor, to).await.unwrap(), []);
    let keys = world.rows("SELECT DISTINCT key FROM sessions").await;
    assert_eq!(keys.len(), 2);

    // From here on each goes its own way.
    let mut other = device.beside();
    other.session = to;
    other.load(backend).await;
    other.write("/notes", "First. Second.");
    other.sync(backend).await;
    device.edit(json!({"a": null}));
    device.sync(backend).await;
    let notes = |json: &serde_json::Value| json["notes"].clone();
    assert_eq!(notes(&backend.context_json(&visitor, to).await.unwrap()), "First. Second.");
    let first = backend.context_json(&visitor, device.session).await.unwrap();
    assert_eq!(first, json!({"notes": "First."}));
    // A device that knew the first one's client ids writes into the copy.
    device.session = to;
    device.load(backend).await;
    device.edit(json!({"mine": true}));
    device.sync(backend).await;
    assert_eq!(backend.context_json(&visitor, to).await.unwrap(), device.json());
    let logged = world.rows("SELECT session FROM audit WHERE kind = 'session_duplicated'").await;
    assert_eq!(logged.len(), 1);
    assert_eq!(logged[0].get::<String, _>(0), to.to_string());
    assert_eq!(serde_json::to_value(AuditKind::SessionDuplicated).unwrap(), "session_duplicated");
}

async fn sess_3_duplicating_twice_makes_one(world: World) {
    let (backend, device, to) = (&world.backend, saved(&world).await, new_id());
    let (visitor, from) = (&device.visitor, device.session);
    let name = Some("  Another  ".to_owned());
    let both = futures::future::join(
        backend.duplicate(visitor, from, to, name.clone()),
        backend.duplicate(visitor, from, to, name.clone()),
    );
    let (one, two) = both.await;
    // One of them may have taken over from the other.
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    for refused in [one, two].into_iter().filter_map(Result::err) {
        assert_eq!(refused, Error::Unavailable);
    }
    let again = backend.duplicate(visitor, from, to, name).await.unwrap();
    assert_eq!(again.name, "Another");
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 2);
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 2);
    let sql = "SELECT COUNT(*) FROM keys WHERE id NOT LIKE 'purpose:%' AND id NOT IN (SELECT key FROM accounts) \
               AND id NOT IN (SELECT key FROM sessions)";
    assert_eq!(world.number(sql).await, 0);
    assert_eq!(backend.context_json(visitor, to).await.unwrap(), json!({"a": 1}));
    let too_long = Some("n".repeat(256));
    let refused = backend.duplicate(visitor, from, new_id(), too_long).await.unwrap_err();
    assert_eq!(refused.code(), "invalid_value");
}

async fn sess_3_a_session_in_any_state_is_duplicated_but_a_deleted_one(world: World) {
    let (backend, device) = (&world.backend, saved(&world).await);
    let (visitor, from) = (&device.visitor, device.session);
    for next in [Step::Complete, Step::Archive] {
        step(&world, &device, next).await;
        let copy = backend.duplicate(visitor, from, new_id(), None).await.unwrap();
        assert_eq!(copy.state, SessionState::Active);
    }
    world.execute("UPDATE sessions SET state = 'abandoned'").await;
    let copy = backend.duplicate(visitor, from, new_id(), None).await.unwrap();
    assert_eq!(backend.context_json(visitor, copy.id).await.unwrap(), json!({"a": 1}));
    step(&world, &device, Step::Delete).await;
    let refused = backend.duplicate(visitor, from, new_id(), None).await;
    assert!(matches!(refused, Err(Error::Gone { until_ms: Some(_) })), "{refused:?}");
    // Nor is one made under the id of what was deleted.
    let refused = backend.duplicate(visitor, copy.id, from, None).await;
    assert!(matches!(refused, Err(Error::Gone { .. })), "{refused:?}");
}

async fn sess_3_only_its_own_account_duplicates_a_session(world: World) {
    let (backend, mine, theirs) = (&world.backend, saved(&world).await, saved(&world).await);
    let refused = backend.duplicate(&mine.visitor, theirs.session, new_id(), None).await;
    assert_eq!(refused, Err(Error::NotFound));
    let refused = backend.duplicate(&mine.visitor, mine.session, theirs.session, None).await;
    assert_eq!(refused, Err(Error::NotFound));
    let refused = backend.duplicate(&world.guest().await, mine.session, new_id(), None).await;
    assert_eq!(refused, Err(Error::NotFound));
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 2);
}

/// As a server leaves it that is killed before the last row has come.
async fn broken_off(world: &World, device: &Device) -> SessionId {
    let to = new_id();
    world.backend.duplicate(&device.visitor, device.session, to, None).await.unwrap();
    let sql = "UPDATE sessions SET state = 'deleted', state_before = 'deleted', seq = 0";
    world.execute(&format!("{sql} WHERE id = '{to}'")).await;
    to
}

async fn sess_3_a_duplicate_that_broke_off_is_made_by_the_next_try(world: World) {
    let (backend, device) = (&world.backend, saved(&world).await);
    let to = broken_off(&world, &device).await;
    // Nobody sees it.
    assert_eq!(backend.list_sessions(&device.visitor).await.unwrap().len(), 1);
    assert_eq!(backend.gone_sessions(&device.visitor).await.unwrap(), []);
    let gone = Err(Error::Gone { until_ms: None });
    assert_eq!(backend.session(&device.visitor, to).await, gone);
    let refused = backend.step_session(&device.visitor, to, Step::Undelete).await;
    assert_eq!(refused, Err(Error::Gone { until_ms: None }));

    backend.duplicate(&device.visitor, device.session, to, None).await.unwrap();
    assert_eq!(backend.context_json(&device.visitor, to).await.unwrap(), json!({"a": 1}));
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 2);
}

async fn sess_3_a_duplicate_that_broke_off_goes_with_the_sweep(world: World) {
    let device = saved(&world).await;
    let to = broken_off(&world, &device).await;
    world.clock.advance(2 * DAY_MS);
    world.backend.sweep().await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 2);
    for _ in 0..4 {
        world.clock.advance(2 * DAY_MS);
        world.backend.sweep().await.unwrap();
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
    let sql = format!("SELECT COUNT(*) FROM context_updates WHERE session = '{to}'");
    assert_eq!(world.number(&sql).await, 0);
}
