//! SESS-1, and CTX-9 as far as it is about a session as a whole: it is completed, archived and taken out
//! again, a mission is linked to it.

use holdfast_backend::SystemEnvironment;
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::snapshot::SnapshotKind;
use holdfast_domain::wire::{SaveOutcome, SaveRequest};
use holdfast_domain::{Environment, Error};
use serde_json::json;
use sqlx::Row;

use crate::harness::{Device, World, contract};

contract!(
    ctx_9_completing_is_idempotent_and_survives_a_restart,
    ctx_9_a_completed_session_takes_edits_and_stays_completed,
    ctx_9_a_completed_session_is_left_out_of_sharing,
    ctx_9_a_mission_is_linked_once_and_replaced_by_another,
    sess_1_every_step_that_is_possible_and_every_one_that_is_not,
    sess_1_what_is_archived_takes_no_change_and_gives_what_it_has,
    sess_1_a_lost_acknowledgement_is_given_again_from_the_archive,
    sess_1_edits_made_before_the_archive_come_in_when_it_is_taken_out,
    sess_1_a_reopened_session_gets_what_was_shared_meanwhile,
    snap_5_completing_takes_a_snapshot_once,
);

/// A session that the server has, with one edit.
pub(crate) async fn saved(world: &World) -> Device {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    device
}

pub(crate) async fn step(world: &World, device: &Device, step: Step) -> SessionState {
    world.backend.step_session(&device.visitor, device.session, step).await.unwrap()
}

pub(crate) async fn state(world: &World, device: &Device) -> SessionState {
    world.backend.session(&device.visitor, device.session).await.unwrap().state
}

async fn linked(world: &World) -> Option<String> {
    world.rows("SELECT mission FROM sessions").await[0].get("mission")
}

async fn ctx_9_completing_is_idempotent_and_survives_a_restart(mut world: World) {
    let device = saved(&world).await;
    let (visitor, session) = (&device.visitor, device.session);
    world.clock.advance(5_000);
    step(&world, &device, Step::Complete).await;
    let completed = world.backend.session(visitor, session).await.unwrap();
    assert_eq!(completed.state, SessionState::Completed);
    assert_eq!(completed.updated_at_ms, completed.active_at_ms + 5_000);

    world.clock.advance(5_000);
    step(&world, &device, Step::Complete).await;
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
    step(&world, &device, Step::Complete).await;

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
    step(&world, &device, Step::Complete).await;
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
    step(&world, &device, Step::Complete).await;
    world.backend.link_mission(visitor, session, first).await.unwrap();
    assert_eq!(linked(&world).await, Some(first.to_string()));
}

async fn sess_1_every_step_that_is_possible_and_every_one_that_is_not(world: World) {
    use SessionState::{Abandoned, Active, Archived, Completed, Deleted};
    let device = saved(&world).await;
    let gone = "gone";
    let every = [
        (Step::Complete, [Ok(Completed), Ok(Completed), Ok(Completed), Err("archived"), Err(gone)]),
        (Step::Reopen, [Ok(Active), Ok(Active), Ok(Active), Err("archived"), Err(gone)]),
        (Step::Archive, [Ok(Archived), Ok(Archived), Ok(Archived), Ok(Archived), Err(gone)]),
        (Step::Unarchive, [Ok(Active), Err("conflict"), Err("conflict"), Ok(Active), Err(gone)]),
        (Step::Delete, [Ok(Deleted); 5]),
        (Step::Undelete, [Ok(Active), Ok(Completed), Ok(Abandoned), Ok(Archived), Ok(Completed)]),
    ];
    let words = ["active", "completed", "abandoned", "archived", "deleted"];
    for (step, wanted) in every {
        for (word, wanted) in words.into_iter().zip(wanted) {
            let at = world.clock.now_ms();
            let before = if word == "deleted" { "'completed'" } else { "NULL" };
            let sql = format!(
                "UPDATE sessions SET state = '{word}', state_at = {at}, state_before = {before}"
            );
            world.execute(&sql).await;
            let answer = world.backend.step_session(&device.visitor, device.session, step).await;
            let answer = answer.as_ref().map_err(Error::code).copied();
            assert_eq!(answer, wanted, "{step:?} from {word}");
            let stored: String = world.rows("SELECT state FROM sessions").await[0].get(0);
            let now = wanted.map_or(word.into(), |state| {
                serde_json::to_value(state).unwrap().as_str().unwrap().to_owned()
            });
            assert_eq!(stored, now, "{step:?} from {word}");
        }
    }
}

async fn sess_1_what_is_archived_takes_no_change_and_gives_what_it_has(world: World) {
    let mut device = saved(&world).await;
    let (visitor, session) = (device.visitor.clone(), device.session);
    let snapshot = device.snapshot("before");
    device.sync(&world.backend).await;
    device.edit(json!({"a": 2}));
    device.sync(&world.backend).await;
    step(&world, &device, Step::Archive).await;

    let mission = world.backend.link_mission(&visitor, session, SystemEnvironment.uuid()).await;
    assert_eq!(mission, Err(Error::Archived));
    assert_eq!(linked(&world).await, None);
    let restored = world.backend.restore_snapshot(&visitor, session, snapshot).await;
    assert_eq!(restored.map(drop), Err(Error::Archived));
    let mut other = device.beside();
    other.load(&world.backend).await;
    assert_eq!(other.json(), json!({"a": 2}));
    other.edit(json!({"a": 3}));
    assert_eq!(other.exchange(&world.backend).await.map(drop), Err(Error::Archived));
    // As part of a larger save too, and after it there is nothing of it.
    other.edit(json!({"b": 4}));
    assert_eq!(other.exchange(&world.backend).await.map(drop), Err(Error::Archived));
    let pull = SaveRequest { items: vec![], active: true, ..device.request() };
    let reply = world.backend.save(&visitor, pull).await.unwrap();
    assert_eq!((reply.outcome, reply.news.state), (SaveOutcome::Acked, SessionState::Archived));
    let json = world.backend.context_json(&visitor, session).await.unwrap();
    assert_eq!(json, json!({"a": 2}));
    assert_eq!(world.backend.list_sessions(&visitor).await.unwrap().len(), 1);
    // What harms nothing is done: a name, a snapshot.
    world.backend.rename_session(&visitor, session, "Put away").await.unwrap();
    device.snapshot("as it was put away");
    device.sync(&world.backend).await;
    assert_eq!(world.backend.list_snapshots(&visitor, session).await.unwrap().len(), 2);
}

async fn sess_1_a_lost_acknowledgement_is_given_again_from_the_archive(world: World) {
    let mut device = saved(&world).await;
    device.edit(json!({"b": 2}));
    let request = device.request();
    world.backend.save(&device.visitor, request.clone()).await.unwrap();
    step(&world, &device, Step::Archive).await;
    // The answer was lost: it is sent again, also together with the rest of the document.
    let again = world.backend.save(&device.visitor, request).await.unwrap();
    assert_eq!(again.outcome, SaveOutcome::Acked);
    let asking = SaveRequest { items: vec![], want_state_vector: true, ..device.request() };
    let reply = world.backend.save(&device.visitor, asking).await.unwrap();
    assert!(reply.news.state_vector.is_some());
}

async fn sess_1_edits_made_before_the_archive_come_in_when_it_is_taken_out(mut world: World) {
    let device = saved(&world).await;
    let mut offline = device.beside();
    offline.load(&world.backend).await;
    offline.edit(json!({"offline": 1}));
    step(&world, &device, Step::Archive).await;
    assert_eq!(offline.exchange(&world.backend).await.map(drop), Err(Error::Archived));
    world.restart().await;
    assert_eq!(offline.exchange(&world.backend).await.map(drop), Err(Error::Archived));
    step(&world, &device, Step::Unarchive).await;
    offline.sync(&world.backend).await;
    let json = world.backend.context_json(&device.visitor, device.session).await.unwrap();
    assert_eq!(json, json!({"a": 1, "offline": 1}));
}

async fn sess_1_a_reopened_session_gets_what_was_shared_meanwhile(world: World) {
    let mut device = saved(&world).await;
    step(&world, &device, Step::Complete).await;
    world.backend.share(&device.visitor, "units", json!("metric")).await.unwrap();
    world.clock.advance(5_000);
    step(&world, &device, Step::Reopen).await;
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"a": 1, "units": "metric"}));
    let session = world.backend.session(&device.visitor, device.session).await.unwrap();
    assert_eq!((session.state, session.active_at_ms), (SessionState::Active, world.clock.now_ms()));
}

async fn snap_5_completing_takes_a_snapshot_once(world: World) {
    let mut device = saved(&world).await;
    let snapshots = async || {
        let list = world.backend.list_snapshots(&device.visitor, device.session).await.unwrap();
        list.into_iter().map(|snapshot| (snapshot.kind, snapshot.name)).collect::<Vec<_>>()
    };
    let taken = (SnapshotKind::Automatic, "On completion".to_owned());
    step(&world, &device, Step::Complete).await;
    assert_eq!(snapshots().await.as_slice(), std::slice::from_ref(&taken));
    // Nothing changed since.
    step(&world, &device, Step::Reopen).await;
    step(&world, &device, Step::Complete).await;
    assert_eq!(snapshots().await.as_slice(), std::slice::from_ref(&taken));
    step(&world, &device, Step::Reopen).await;
    world.clock.advance(1);
    device.edit(json!({"a": 2}));
    device.sync(&world.backend).await;
    step(&world, &device, Step::Complete).await;
    let list = world.backend.list_snapshots(&device.visitor, device.session).await.unwrap();
    assert_eq!(list.len(), 2);
}
