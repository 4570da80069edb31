//! SESS-3: sessions are created, listed and named.

use holdfast_domain::Error;
use holdfast_domain::session::{SessionMeta, SessionState};
use holdfast_domain::wire::{SaveOutcome, SaveRequest};
use serde_json::json;

use crate::harness::{Device, World, contract};

contract!(
    sess_3_sessions_are_listed_by_activity,
    sess_3_creation_is_idempotent_and_names_are_checked,
    sess_3_a_save_renames_only_when_it_says_so,
);

async fn sess_3_sessions_are_listed_by_activity(world: World) {
    let visitor = world.guest().await;
    let mut devices = [Device::new(&visitor), Device::new(&visitor), Device::new(&visitor)];
    for device in &mut devices {
        device.edit(json!({"a": 1}));
        device.sync(&world.backend).await;
        world.clock.advance(1_000);
    }
    let listed = async |world: &World| {
        let sessions = world.backend.list_sessions(&visitor).await.unwrap();
        sessions.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    let [a, b, c] = devices.each_ref().map(|device| device.session);
    assert_eq!(listed(&world).await, [c, b, a]);
    // At most every 15 s (SESS-5).
    world.backend.touch_session(&visitor, a).await.unwrap();
    assert_eq!(listed(&world).await, [c, b, a]);
    world.clock.advance(15_000);
    world.backend.touch_session(&visitor, a).await.unwrap();
    assert_eq!(listed(&world).await, [a, c, b]);
    // A pull by a timer is no activity; one in which a person did something is.
    world.clock.advance(60_000);
    devices[2].sync(&world.backend).await;
    assert_eq!(listed(&world).await, [a, c, b]);
    let active = SaveRequest { active: true, ..devices[1].request() };
    world.backend.save(&visitor, active).await.unwrap();
    assert_eq!(listed(&world).await, [b, a, c]);

    let session = world.backend.session(&visitor, a).await.unwrap();
    assert_eq!((session.name.as_str(), session.state), ("My session", SessionState::Active));
    assert_eq!(session.created_at_ms, 1);
    assert!(session.updated_at_ms < session.active_at_ms);
}

async fn sess_3_creation_is_idempotent_and_names_are_checked(world: World) {
    let visitor = world.guest().await;
    let device = Device::new(&visitor);
    for _ in 0..2 {
        let reply = world.backend.save(&visitor, device.request()).await.unwrap();
        assert_eq!(reply.outcome, SaveOutcome::Acked);
        assert_eq!((reply.news.position.seq, reply.news.more), (0, false));
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
    for name in ["", "  ", "a\nb", &"x".repeat(256)] {
        let mut request = Device::new(&visitor).request();
        request.create = Some(SessionMeta { name: name.into(), created_at_ms: 1 });
        let error = world.backend.save(&visitor, request).await.unwrap_err();
        assert_eq!(error.code(), "invalid_value", "{name:?}");
        let error = world.backend.rename_session(&visitor, device.session, name).await;
        assert_eq!(error.unwrap_err().code(), "invalid_value", "{name:?}");
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
    let renamed = world.backend.rename_session(&visitor, device.session, "  Zürich 🦀 ").await;
    assert_eq!(renamed.unwrap().name, "Zürich 🦀");
    let missing = Device::new(&visitor).session;
    let error = world.backend.rename_session(&visitor, missing, "Name").await.unwrap_err();
    assert_eq!(error, Error::NotFound);
}

async fn sess_3_a_save_renames_only_when_it_says_so(world: World) {
    let visitor = world.guest().await;
    let mut device = Device::new(&visitor);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    let named = |name: &str, rename| SaveRequest {
        create: Some(SessionMeta { name: name.into(), created_at_ms: 1 }),
        rename,
        ..device.request()
    };
    let reply = world.backend.save(&visitor, named("Stale", false)).await.unwrap();
    assert_eq!(reply.news.name, "My session");
    let reply = world.backend.save(&visitor, named("Fresh", true)).await.unwrap();
    assert_eq!(reply.news.name, "Fresh");
    let reply = world.backend.save(&visitor, named("Stale", false)).await.unwrap();
    assert_eq!(reply.news.name, "Fresh");
    assert_eq!(world.backend.session(&visitor, device.session).await.unwrap().name, "Fresh");
}
