//! What the tests of single engines share: a tab, and a server's answers to it.

use uuid::Uuid;

use super::Engine;
use crate::id::{IncarnationId, SessionId, TabId};
use crate::session::SessionState;
use crate::sync::{
    Effect, EngineOptions, Event, JournalRecord, JournalState, PeerMessage, RecordBody, RecordId,
    StorageTier, Urgency,
};
use crate::wire::{LogUpdate, News, Position, SaveOutcome, SaveReply, SaveRequest, WireBytes};

pub(super) fn tab_id(number: u128) -> TabId {
    TabId::from(Uuid::from_u128(number))
}

/// A place in the present life of the database.
pub(super) fn position(seq: i64) -> Position {
    Position { incarnation: IncarnationId::from(Uuid::from_u128(3)), seq }
}

/// A place in a life before.
pub(super) fn before(seq: i64) -> Position {
    Position { incarnation: IncarnationId::from(Uuid::from_u128(2)), seq }
}

/// A tab of a session that the journal has up to a position.
pub(super) fn tab_at(number: u128, position: Option<Position>) -> Engine {
    opened(number, position, Vec::new()).0
}

/// Such a tab that found pending records in the journal, and what it did when it opened.
pub(super) fn opened(
    number: u128,
    position: Option<Position>,
    pending: Vec<JournalRecord>,
) -> (Engine, Vec<Effect>) {
    let mut engine = Engine::new(EngineOptions {
        session: SessionId::from(Uuid::from_u128(7)),
        tab: tab_id(number),
        autosave_interval_ms: 30_000,
        seed: 7,
        create: None,
    });
    let journal = JournalState { pending, position, waits: false };
    let effects = engine.handle(0, Event::Opened { journal, tier: StorageTier::IndexedDb });
    (engine, effects)
}

/// A tab of a session that is in the journal as the server has it.
pub(super) fn tab(number: u128) -> Engine {
    tab_at(number, Some(position(1)))
}

/// Such a tab that leads, and has just been told that nothing is new.
pub(super) fn leader() -> Engine {
    let mut leader = tab(1);
    let asked = leader.handle(0, Event::Leading { pending: Vec::new(), waits: false });
    leader.handle(0, reply(&request(&asked), news(1, &[])));
    leader
}

/// A record that some tab made.
pub(super) fn record(tab: u128, number: u64) -> JournalRecord {
    let id = RecordId { tab: tab_id(tab), number };
    JournalRecord { id, at_ms: 0, body: RecordBody::Update(vec![0, 0]) }
}

/// Such a leader, which was told of a record and has saved it.
pub(super) fn leader_who_saved(record: &JournalRecord) -> Engine {
    let mut leader = leader();
    let edited = PeerMessage::Edited { tab: record.id.tab, records: vec![record.clone()] };
    leader.handle(0, Event::Peer(edited));
    let sent = leader.handle(0, Event::Save(Urgency::AtOnce));
    leader.handle(0, reply(&request(&sent), news(2, &[])));
    leader
}

pub(super) fn find_request(effects: &[Effect]) -> Option<SaveRequest> {
    effects.iter().find_map(|effect| match effect {
        Effect::Exchange { request, .. } => Some(request.clone()),
        _ => None,
    })
}

pub(super) fn request(effects: &[Effect]) -> SaveRequest {
    find_request(effects).unwrap()
}

pub(super) fn news(seq: i64, updates: &[LogUpdate]) -> News {
    News {
        updates: updates.to_vec(),
        position: position(seq),
        more: false,
        name: "Trip".into(),
        state: SessionState::Active,
        state_vector: Some(WireBytes(vec![0])),
    }
}

/// Everything in the request was taken.
pub(super) fn reply(request: &SaveRequest, news: News) -> Event {
    let reply = SaveReply { batch: request.batch, outcome: SaveOutcome::Acked, news };
    Event::Exchanged { batch: request.batch, result: Ok(reply) }
}
