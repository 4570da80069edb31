//! What is known of the server and of the exchange with it.

use super::Engine;
use super::pending::Held;
use super::settle::Unsettled;
use crate::Error;
use crate::id::{BatchId, IncarnationId};
use crate::session::{SessionMeta, SessionState};
use crate::sync::backoff::Backoff;
use crate::sync::{Effect, RecordId};
use crate::wire::{Position, WireError};

/// The request that is under way.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) batch: BatchId,
    /// The records in it, in the order of its items.
    pub(super) ids: Vec<RecordId>,
    /// Its one item is the document's difference.
    pub(super) difference: Option<Vec<u8>>,
    pub(super) have: Option<Position>,
    /// Not everything fitted in.
    pub(super) cut: bool,
    /// It says that a person did something.
    pub(super) active: bool,
    /// It goes on when the page is gone.
    pub(super) keepalive: bool,
    /// The network went while it was under way: that it is answered does not say that there is one again.
    pub(super) outlasted: bool,
    /// A sibling that speaks too was told first that some of it is saved: whether the journal has those is
    /// that one's matter.
    pub(super) overtaken: bool,
}

/// The server must be given all that the document has beyond a state vector (SYNC-6).
#[derive(Debug)]
pub(super) struct Owed {
    /// The life of the database that is to get it.
    pub(super) incarnation: IncarnationId,
    /// What it has; `None`: not known yet.
    pub(super) state_vector: Option<Vec<u8>>,
    /// The document was asked for the difference.
    pub(super) asked: bool,
    /// How often the difference came back because something before it was missing.
    pub(super) misses: u32,
    /// It was refused and waits for the person, a reload or news.
    pub(super) held: Option<WireError>,
}

/// The conversation with the server.
#[derive(Debug, Default)]
pub(super) struct Link {
    pub(super) in_flight: Option<Flight>,
    /// Go again as soon as the request under way has ended.
    pub(super) wanted: bool,
    /// How far the document has the server's log.
    pub(super) position: Option<Position>,
    /// A sibling told what the server had.
    pub(super) told: bool,
    /// The life of the database to which this browser has given all it had. Only positions in it
    /// are stored and told: who meets another one has to give everything again.
    pub(super) healed: Option<IncarnationId>,
    pub(super) owed: Option<Owed>,
    /// What was received since the beginning of a life that is not healed, to be stored then.
    pub(super) unsettled: Option<Unsettled>,
    /// The difference was given and something was missing still: at most so many records at once,
    /// to find the one.
    pub(super) limit: Option<usize>,
    pub(super) gave_all: bool,
    /// Something was acknowledged while something else was stuck.
    pub(super) progress: bool,
    /// What came while the difference was under way must be given as well.
    pub(super) owe_more: bool,
    /// The document had more to give, which waited for something.
    pub(super) incomplete: bool,
    /// The server said that it has come so far.
    pub(super) told_seq: Option<i64>,
    /// The server has more than fitted into its last answer.
    pub(super) more: bool,
    /// Something was missing there while more was to come: that first.
    pub(super) pull_first: bool,
    pub(super) unreachable: bool,
    /// What the server refuses until the person does something.
    pub(super) problem: Option<WireError>,
    /// The server does not know the session any more: wait for the person.
    pub(super) lost: bool,
    pub(super) create_offered: bool,
    /// Create it again, then give everything.
    pub(super) creating: Option<SessionMeta>,
    pub(super) backoff: Backoff,
    pub(super) retry_at_ms: Option<i64>,
    /// The server asked not to be asked before.
    pub(super) not_before_ms: i64,
    pub(super) push_at_ms: i64,
    pub(super) pull_at_ms: i64,
    /// A person did something of which the server was not told.
    pub(super) active: bool,
    /// When a person last did something in a sibling.
    pub(super) sibling_active_at_ms: Option<i64>,
    pub(super) saved_at_ms: Option<i64>,
    pub(super) described: Option<(String, SessionState)>,
}

impl Link {
    pub(super) fn start_at(&mut self, position: Option<Position>) {
        self.position = position;
        self.healed = position.map(|position| position.incarnation);
    }

    /// Whether an exchange has to wait for another one to end.
    pub(super) fn is_busy(&self) -> bool {
        self.in_flight.is_some() || self.owed.as_ref().is_some_and(|owed| owed.asked)
    }

    /// The request under way has failed or was taken over: what it was to tell is told again.
    pub(super) fn give_up(&mut self) {
        self.active |= self.in_flight.take().is_some_and(|flight| flight.active);
    }

    /// The position, where it may be stored and told.
    pub(super) fn healed_position(&self) -> Option<Position> {
        self.position.filter(|position| self.healed == Some(position.incarnation))
    }

    /// Goes on to a position in a healed life.
    pub(super) fn advance(&mut self, position: Position) {
        let here = self.healed_position();
        let behind = here
            .is_none_or(|here| here.incarnation != position.incarnation || here.seq < position.seq);
        if !behind {
            return;
        }
        self.position = Some(position);
        self.healed = Some(position.incarnation);
        self.lost = false;
        self.creating = None;
        self.unsettled = None;
        if here.is_none_or(|here| here.incarnation != position.incarnation) {
            self.owed = None;
        }
    }

    /// Notes that the whole difference must be given to this life.
    pub(super) fn owe(&mut self, incarnation: IncarnationId, state_vector: Option<Vec<u8>>) {
        match &mut self.owed {
            Some(owed) if owed.incarnation == incarnation => {
                owed.state_vector = state_vector.or(owed.state_vector.take());
            }
            _ => {
                let (asked, misses, held) = (false, 0, None);
                self.owed = Some(Owed { incarnation, state_vector, asked, misses, held });
                self.limit = None;
                self.gave_all = false;
            }
        }
    }
}

impl Engine {
    /// What siblings gave to a life of the database up to there is here.
    pub(super) fn go_to(&mut self, position: Position) {
        if self.speaks() && self.link.healed.is_none() {
            // What was given is not what this tab has: it meets that life first.
            return;
        }
        let moved = self.link.healed.is_some_and(|healed| healed != position.incarnation);
        self.link.advance(position);
        if moved {
            // What it gave to the life before is perhaps not in this one.
            self.note_ungiven();
        }
    }

    /// Whether the server has perhaps lost what it once acknowledged.
    pub(super) fn owes_acknowledged(&self) -> bool {
        let another = |incarnation| self.link.healed.is_some_and(|healed| healed != incarnation);
        let owed = self.link.owed.as_ref().is_some_and(|owed| another(owed.incarnation));
        // The leader knows which life is the present one.
        let moved = self.lead.behind.is_some_and(|leader| another(leader.incarnation));
        let elsewhere = self.has_ungiven() || !self.speaks() && moved;
        self.link.lost || self.link.creating.is_some() || owed || elsewhere
    }

    /// Why the server does not take everything, though it answers.
    pub(super) fn problem(&self) -> Option<WireError> {
        let held = || self.pending.held().filter_map(|waiting| waiting.held.as_ref());
        let refused = held().find_map(|held| match held {
            Held::Refused(error) => Some(error),
            Held::Stuck => None,
        });
        let owed = self.link.owed.as_ref().and_then(|owed| owed.held.as_ref());
        let stuck = || held().next().map(|_| WireError::from(&Error::MissingDependency));
        self.link.problem.as_ref().or(refused).or(owed).cloned().or_else(stuck)
    }

    /// Lets what was held back go with the others again: with `refused`, because the person asked;
    /// otherwise because something new came that it may have waited for.
    pub(super) fn release(&mut self, refused: bool) {
        self.pending.release(refused);
        if let Some(owed) = &mut self.link.owed {
            let missing = |held: &WireError| held.code == "missing_dependency";
            if refused || owed.held.as_ref().is_some_and(missing) {
                owed.held = None;
                owed.misses = 0;
            }
        }
    }

    pub(super) fn offer_create_again(&mut self) {
        if !self.link.create_offered {
            self.link.create_offered = true;
            self.emit(Effect::OfferCreateAgain);
        }
    }

    /// Takes in the session's name and state as the server has them; whether they are new here.
    pub(super) fn describe(&mut self, name: String, state: SessionState) -> bool {
        let described = Some((name.clone(), state));
        let new = self.link.described != described;
        if new {
            self.link.described = described;
            self.emit(Effect::Describe { name, state });
        }
        new
    }
}
