//! What one engine does when its page is hidden or left.

// Whatever is unexpected here is a failed test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use holdfast_domain::id::{BatchId, IncarnationId, SessionId, TabId};
use holdfast_domain::session::SessionState;
use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest};
use holdfast_domain::sync::{
    Effect, Engine, EngineOptions, Event, JournalState, PeerMessage, RecordBody, SaveStatus,
    StorageTier, TabInfo, TransportError, Urgency,
};
use holdfast_domain::wire::{News, Position, SaveOutcome, SaveReply, SaveRequest, seal};
use uuid::Uuid;

const START_MS: i64 = 1_800_000_000_000;
/// Browsers refuse more in keepalive requests that are under way together.
const BROWSERS_MOST: usize = 64 * 1024;

fn tab(n: u128) -> TabId {
    TabId::from(Uuid::from_u128(n))
}

/// An engine that leads and has nothing under way.
fn leader() -> Engine {
    let mut engine = Engine::new(EngineOptions {
        session: SessionId::from(Uuid::from_u128(7)),
        tab: tab(1),
        autosave_interval_ms: 30_000,
        seed: 7,
        create: None,
    });
    let journal = JournalState { position: Some(position(1)), ..JournalState::default() };
    engine.handle(START_MS, Event::Opened { journal, tier: StorageTier::IndexedDb });
    let effects = engine.handle(START_MS, Event::Leading { pending: Vec::new(), waits: false });
    let (pull, _) = requests(&effects)[0].clone();
    answer(&mut engine, pull.batch);
    engine
}

fn position(seq: i64) -> Position {
    Position { incarnation: IncarnationId::from(Uuid::from_u128(3)), seq }
}

fn requests(effects: &[Effect]) -> Vec<(SaveRequest, bool)> {
    let request = |effect: &Effect| match effect {
        Effect::Exchange { request, keepalive } => Some((request.clone(), *keepalive)),
        _ => None,
    };
    effects.iter().filter_map(request).collect()
}

fn edit(engine: &mut Engine, bodies: Vec<RecordBody>) {
    let effects = engine.handle(START_MS, Event::Edited { bodies, urgency: Urgency::Routine });
    assert!(requests(&effects).is_empty());
    for effect in effects {
        if let Effect::Append(records) = effect {
            let ids = records.iter().map(|record| record.id).collect();
            engine.handle(START_MS, Event::Journaled(ids));
        }
    }
}

fn update(bytes: usize) -> RecordBody {
    RecordBody::Update(vec![0; bytes])
}

fn answer(engine: &mut Engine, batch: BatchId) -> Vec<Effect> {
    let news = News {
        updates: Vec::new(),
        position: position(1),
        more: false,
        name: "Trip".into(),
        state: SessionState::Active,
        state_vector: None,
    };
    let result = Ok(SaveReply { batch, outcome: SaveOutcome::Acked, news });
    engine.handle(START_MS, Event::Exchanged { batch, result })
}

fn fail(engine: &mut Engine, batch: BatchId) -> Vec<Effect> {
    let result = Err(TransportError::Unreachable);
    engine.handle(START_MS, Event::Exchanged { batch, result })
}

#[test]
fn ctx_6_leaving_does_not_wait_for_a_request_that_may_end_with_the_page() {
    let mut engine = leader();
    edit(&mut engine, vec![update(10)]);
    let sent = engine.handle(START_MS, Event::Save(Urgency::AtOnce));
    let (ordinary, keepalive) = requests(&sent)[0].clone();
    assert!(!keepalive);
    edit(&mut engine, vec![update(20)]);

    let sent = engine.handle(START_MS, Event::Hidden);
    let sent = requests(&sent);
    let [(leaving, true)] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(leaving.items.len(), 2);
    // The ordinary one was cancelled with the page, and the page comes back all the same.
    assert!(requests(&fail(&mut engine, ordinary.batch)).is_empty());
    assert!(!matches!(engine.status(), SaveStatus::Offline { .. }));
    answer(&mut engine, leaving.batch);
    assert!(matches!(engine.status(), SaveStatus::Saved { .. }));
}

#[test]
fn ctx_6_what_a_keepalive_request_carries_is_not_sent_by_another() {
    let mut engine = leader();
    edit(&mut engine, vec![update(40_000)]);
    let sent = engine.handle(START_MS, Event::Hidden);
    let first = requests(&sent);
    assert!(first[0].1);
    // Hidden and put away: the same moment told twice.
    assert!(requests(&engine.handle(START_MS, Event::Hidden)).is_empty());
    edit(&mut engine, vec![update(100), update(30_000)]);
    let sent = engine.handle(START_MS, Event::Hidden);
    let sent = requests(&sent);
    let [(second, true)] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(second.items.len(), 1);
    let together = seal(&first[0].0).len() + seal(second).len();
    assert!(together < BROWSERS_MOST, "{together} bytes");
}

#[test]
fn ctx_6_a_keepalive_request_fits_whatever_it_is_made_of() {
    let name = "\u{1F6F6}".repeat(255);
    let snapshot = |n: u128| {
        RecordBody::Snapshot(SnapshotRequest {
            id: Uuid::from_u128(n).into(),
            name: name.clone(),
            kind: SnapshotKind::Manual,
            at_ms: START_MS,
        })
    };
    for bodies in [
        (0..4_000).map(|_| update(20)).collect::<Vec<_>>(),
        (0..2_000).map(|_| update(130)).collect(),
        (0..200).map(snapshot).collect(),
    ] {
        let mut engine = leader();
        edit(&mut engine, bodies);
        let sent = engine.handle(START_MS, Event::Hidden);
        let sent = requests(&sent);
        let [(request, true)] = sent.as_slice() else { panic!("it is not sent") };
        let bytes = seal(request).len();
        assert!((40_000..BROWSERS_MOST).contains(&bytes), "{bytes} bytes");
    }
}

#[test]
fn ctx_9_touching_tells_the_server_with_the_next_exchange_that_arrives() {
    let mut engine = leader();
    let pull = |engine: &mut Engine| {
        let sent = engine.handle(START_MS, Event::Online);
        requests(&sent)[0].0.clone()
    };
    let untouched = pull(&mut engine);
    assert!(!untouched.active);
    answer(&mut engine, untouched.batch);
    engine.handle(START_MS, Event::Touched);
    let lost = pull(&mut engine);
    assert!(lost.active);
    fail(&mut engine, lost.batch);
    let arrives = pull(&mut engine);
    assert!(arrives.active);
    answer(&mut engine, arrives.batch);
    assert!(!pull(&mut engine).active);
}

#[test]
fn ctx_9_the_leader_tells_what_a_person_does_in_a_sibling() {
    let mut engine = leader();
    let here = |active_at_ms| {
        Event::Peer(PeerMessage::Here(TabInfo {
            tab: tab(2),
            label: "Tab 2".into(),
            place: String::new(),
            editing: None,
            active_at_ms,
            visible: true,
        }))
    };
    let mut active_after = |active_at_ms| {
        engine.handle(START_MS, here(active_at_ms));
        let sent = engine.handle(START_MS, Event::Online);
        let request = requests(&sent)[0].0.clone();
        answer(&mut engine, request.batch);
        request.active
    };
    assert!(!active_after(START_MS));
    assert!(!active_after(START_MS));
    assert!(active_after(START_MS + 1));
    assert!(!active_after(START_MS));
    assert!(!active_after(START_MS + 1));
}
