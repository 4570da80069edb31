//! CTX-9 and SESS-1: a session is completed, a mission is linked to it.

use holdfast_backend::SystemEnvironment;
use holdfast_domain::session::SessionState;
use holdfast_domain::wire::SaveRequest;
use holdfast_domain::{Environment, Error};
use serde_json::json;
use sqlx::Row;

use crate::harness::{Device, World, contract};

contract!(
    ctx_9_completing_is_idempotent_and_survives_a_restart,
    ctx_9_a_completed_session_takes_edits_and_stays_completed,
    ctx_9_a_completed_session_is_left_out_of_sharing,
    ctx_9_a_mission_is_linked_once_and_replaced_by_another,
    sess_1_what_is_archived_is_neither_completed_nor_linked,
);

async fn saved(world: &World) -> Device {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    device
}

async fn linked(world: &World) -> Option<String> {
    world.rows("SELECT mission FROM sessions").await[0].get("mission")
}

async fn ctx_9_completing_is_idempotent_and_survives_a_restart(mut world: World) {
    let device = saved(&world).await;
    let (visitor, session) = (&device.visitor, device.session);
    world.clock.advance(5_000);
    world.backend.complete_session(visitor, session).await.unwrap();
    let completed = world.backend.session(visitor, session).await.unwrap();
    assert_eq!(completed.state, SessionState::Completed);
    assert_eq!(completed.updated_at_ms, completed.active_at_ms + 5_000);

    world.clock.advance(5_000);
    world.backend.complete_session(visitor, session).await.unwrap();
    assert_eq!(world.backend.session(visitor, session).await.unwrap(), completed);
    world.restart().await;
    assert_eq!(world.backend.list_sessions(visitor).await.unwrap(), [completed]);
    // Whoever loads it is told.
    let news = world.backend.load(visitor, session).await.unwrap();
    assert_eq!(news.state, SessionState::Completed);
}

async fn ctx_9_a_completed_session_takes_edits_and_stays_completed(world: World) {
    let mut device = saved(&world).await;
    let mut offline = device.beside();
    offline.load(&world.backend).await;
    offline.edit(json!({"offline": true}));
    world.backend.complete_session(&device.visitor, device.session).await.unwrap();

    // The other device did not know.
    let reply = offline.exchange(&world.backend).await.unwrap();
    assert_eq!(reply.news.state, SessionState::Completed);
    device.edit(json!({"a": 2}));
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 2, "offline": true}));
    world.clock.advance(60_000);
    let active = SaveRequest { active: true, ..device.request() };
    let reply = world.backend.save(&device.visitor, active).await.unwrap();
    assert_eq!(reply.news.state, SessionState::Completed);
    let session = world.backend.session(&device.visitor, device.session).await.unwrap();
    assert_eq!(session.state, SessionState::Completed);
    assert!(session.active_at_ms > session.updated_at_ms);
}

async fn ctx_9_a_completed_session_is_left_out_of_sharing(world: World) {
    let mut device = saved(&world).await;
    world.backend.complete_session(&device.visitor, device.session).await.unwrap();
    assert_eq!(world.backend.share(&device.visitor, "units", json!("metric")).await.unwrap(), 0);
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1}));
}

async fn ctx_9_a_mission_is_linked_once_and_replaced_by_another(world: World) {
    let device = saved(&world).await;
    let (visitor, session) = (&device.visitor, device.session);
    assert_eq!(linked(&world).await, None);
    let (first, second) = (SystemEnvironment.uuid(), SystemEnvironment.uuid());
    world.clock.advance(1_000);
    world.backend.link_mission(visitor, session, first).await.unwrap();
    assert_eq!(linked(&world).await, Some(first.to_string()));
    let after = world.backend.session(visitor, session).await.unwrap();
    assert_eq!(after.updated_at_ms, after.active_at_ms + 1_000);
    world.clock.advance(1_000);
    world.backend.link_mission(visitor, session, first).await.unwrap();
    assert_eq!(world.backend.session(visitor, session).await.unwrap(), after);
    world.backend.link_mission(visitor, session, second).await.unwrap();
    assert_eq!(linked(&world).await, Some(second.to_string()));
    // A completed one keeps its mission, and may still get another.
    world.backend.complete_session(visitor, session).await.unwrap();
    world.backend.link_mission(visitor, session, first).await.unwrap();
    assert_eq!(linked(&world).await, Some(first.to_string()));
}

async fn sess_1_what_is_archived_is_neither_completed_nor_linked(world: World) {
    let device = saved(&world).await;
    let (visitor, session) = (&device.visitor, device.session);
    world.execute("UPDATE sessions SET state = 'archived'").await;
    let answers = [
        world.backend.complete_session(visitor, session).await,
        world.backend.link_mission(visitor, session, SystemEnvironment.uuid()).await,
    ];
    for answer in answers {
        assert!(matches!(answer, Err(Error::Conflict { .. })), "{answer:?}");
    }
    assert_eq!(linked(&world).await, None);
    let summary = world.backend.session(visitor, session).await.unwrap();
    assert_eq!(summary.state, SessionState::Archived);
}
