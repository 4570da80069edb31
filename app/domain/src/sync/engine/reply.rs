//! What the server answered.

use super::Engine;
use super::link::Flight;
use super::pending::{Held, Waiting};
use super::settle::Acknowledged;
use crate::Error;
use crate::id::{BatchId, IncarnationId};
use crate::sync::{Effect, PeerMessage, TransportError};
use crate::wire::{LogUpdate, News, SaveOutcome, SaveReply, WireError};

/// So often the difference may lack something itself before it is held back.
const MISSES: u32 = 2;

impl Engine {
    pub(super) fn exchanged(&mut self, batch: BatchId, result: Result<SaveReply, TransportError>) {
        // The end of a request that was given up says nothing.
        let Some(flight) = self.link.in_flight.take_if(|flight| flight.batch == batch) else {
            return;
        };
        // Something on the way answers with what it remembers.
        let same = |reply: SaveReply| match reply.batch == batch {
            true => Ok(reply),
            false => Err(TransportError::UnexpectedAnswer),
        };
        match result.and_then(same) {
            Ok(reply) => self.replied(flight, reply),
            Err(error) => {
                self.link.active |= flight.active;
                self.failed(error);
            }
        }
    }

    fn replied(&mut self, flight: Flight, reply: SaveReply) {
        let News { updates, position, more, name, state, state_vector } = reply.news;
        let (incarnation, here) = (position.incarnation, self.link.position);
        self.reached(flight.outlasted);
        if self.describe(name.clone(), state) {
            let tab = self.options.tab;
            self.emit(Effect::Broadcast(PeerMessage::Described { tab, name, state }));
        }
        if !updates.is_empty() {
            self.release(false);
            if self.link.incomplete {
                // Perhaps what waited has come: then there is more to give.
                self.link.owe(incarnation, None);
                self.link.owe_more |= flight.difference.is_some();
            }
        }
        let was_healed = self.link.healed == Some(incarnation);
        let full = flight.cut || flight.difference.is_some();
        let (have, overtaken) = (flight.have, flight.overtaken);
        let vector = state_vector.map(|vector| vector.0);
        let mut acked = Acknowledged::default();
        let missed = reply.outcome == SaveOutcome::MissingDependency;
        let cut = match reply.outcome {
            SaveOutcome::Acked => {
                acked = self.acknowledge(flight, incarnation);
                full
            }
            SaveOutcome::MissingDependency => self.miss(&flight, incarnation, vector.clone()),
            SaveOutcome::Refused { index, error } => self.refuse(&flight, index, error),
        };
        let owed = self.link.owed.as_ref().is_some_and(|owed| owed.incarnation == incarnation);
        if owed || self.link.healed != Some(incarnation) {
            self.link.owe(incarnation, vector);
            if !owed && self.speaks() && self.owes_acknowledged() {
                self.gather();
            }
        }
        let moved = here.is_none_or(|here| here != position);
        self.link.more = more && (moved || !updates.is_empty());
        self.link.pull_first = self.link.more && (missed || self.link.pull_first);
        self.settle(acked, updates, have, position, was_healed);
        let sendable = self.pending.has_sendable() || self.release_after_progress();
        let owed = self.link.owed.as_ref();
        let owed = owed.is_some_and(|owed| owed.state_vector.is_some() && owed.held.is_none());
        // Told of more than the database has, it was another life of it that said so.
        let behind = self.is_behind() && !missed;
        self.link.told_seq = None;
        self.go_on(owed || self.link.more || overtaken || cut && sendable || behind);
    }

    /// Everything else went: what was stuck perhaps waited for some of it. Whether it is tried again.
    fn release_after_progress(&mut self) -> bool {
        self.link.limit = None;
        self.link.gave_all = false;
        let progress = std::mem::take(&mut self.link.progress);
        if progress {
            self.release(false);
        }
        progress && self.pending.has_sendable()
    }

    /// The server answers, or has answered before the network went.
    fn reached(&mut self, outlasted: bool) {
        let link = &mut self.link;
        let trouble = link.unreachable || link.problem.is_some();
        link.problem = None;
        link.lost = false;
        link.not_before_ms = 0;
        if !outlasted {
            link.unreachable = false;
            link.backoff.reset();
            link.retry_at_ms = None;
        }
        if trouble {
            self.tell_online();
        }
    }

    fn acknowledge(&mut self, flight: Flight, incarnation: IncarnationId) -> Acknowledged {
        let Flight { mut ids, difference, overtaken, .. } = flight;
        let mut updates = Vec::new();
        let owed = self.link.owed.as_ref().filter(|owed| owed.incarnation == incarnation);
        if let Some(difference) = difference {
            // Acknowledged by another life of the database than the one it was meant for: then it
            // is owed again.
            if let Some(vector) = owed.and_then(|owed| owed.state_vector.as_ref()) {
                ids = self.covered(vector, &difference);
                self.note_healed(incarnation);
            }
            updates.push(LogUpdate::edited(difference));
        } else if !ids.is_empty() {
            self.link.gave_all &= self.link.limit.is_some();
            self.link.limit = self.link.limit.map(|limit| limit.saturating_mul(2));
        }
        for Waiting { record, place, .. } in self.pending.settle(&ids) {
            if !self.keeps(place) {
                updates.extend(record.update().map(Vec::from).map(LogUpdate::edited));
            }
        }
        if !ids.is_empty() {
            self.link.saved_at_ms = Some(self.now_ms);
            self.link.progress |= self.pending.has_stuck();
        }
        Acknowledged { ids, updates, overtaken }
    }

    /// Something is missing on the server; whether to go on at once.
    fn miss(
        &mut self,
        flight: &Flight,
        incarnation: IncarnationId,
        state_vector: Option<Vec<u8>>,
    ) -> bool {
        let same_life = self.link.healed == Some(incarnation);
        let held = self.link.owed.as_ref().is_some_and(|owed| owed.held.is_some());
        if flight.difference.is_some() {
            self.link.owe(incarnation, state_vector);
            if let Some(owed) = &mut self.link.owed {
                owed.misses += 1;
                if owed.misses >= MISSES {
                    owed.held = Some(WireError::from(&Error::MissingDependency));
                }
            }
        } else if held || same_life && self.link.gave_all {
            // Giving everything does not help: find out which record it is.
            if let [id] = flight.ids.as_slice() {
                self.pending.mark_stuck(*id);
                self.tell_online();
                if !self.gathers() {
                    self.gather();
                }
            }
            self.link.limit = Some((flight.ids.len() / 2).max(1));
        } else if !flight.ids.is_empty() {
            self.link.owe(incarnation, state_vector);
            return false;
        }
        true
    }

    /// An item is refused for good; whether to go on at once with the others.
    fn refuse(&mut self, flight: &Flight, index: u32, error: WireError) -> bool {
        let id = usize::try_from(index).ok().and_then(|index| flight.ids.get(index));
        if let Some(id) = id.filter(|id| self.pending.get(**id).is_some()) {
            self.pending.hold(*id, Held::Refused(error));
        } else if let Some(owed) = self.link.owed.as_mut().filter(|_| flight.difference.is_some()) {
            owed.held = Some(error);
        } else {
            return false;
        }
        self.tell_online();
        true
    }

    fn failed(&mut self, error: TransportError) {
        let before = (self.link.unreachable, self.link.problem.clone());
        let mut retry_after_ms = 0;
        self.link.unreachable = true;
        self.link.problem = None;
        if let TransportError::Refused { error, retry_after_ms: asked } = error {
            let limited = match error {
                Error::RateLimited { retry_after_ms } => retry_after_ms,
                _ => 0,
            };
            retry_after_ms = i64::try_from(limited.max(asked.unwrap_or(0))).unwrap_or(i64::MAX);
            self.refused(&error);
        }
        let wait_ms = self.link.backoff.next_ms(&mut self.rng).max(retry_after_ms);
        self.link.not_before_ms = self.now_ms.saturating_add(retry_after_ms);
        self.link.retry_at_ms = Some(self.now_ms.saturating_add(wait_ms));
        if before != (self.link.unreachable, self.link.problem.clone()) {
            self.tell_online();
        }
        // Who asked while the request was under way gets one try of their own.
        if std::mem::take(&mut self.link.wanted) && self.speaks() {
            self.save_now();
        }
    }

    fn refused(&mut self, error: &Error) {
        self.link.unreachable = *error == Error::Unavailable;
        if *error == Error::NotFound && self.link.healed.is_some() {
            self.link.lost = true;
            self.offer_create_again();
        }
        if matches!(error, Error::UnsupportedVersion { .. }) {
            self.offer_reload();
        }
        let passes = matches!(
            error,
            Error::Unavailable | Error::RateLimited { .. } | Error::Internal | Error::Damaged
        );
        if !passes {
            self.link.problem = Some(error.into());
        }
    }

    /// After an exchange: the next one, where somebody waits for it.
    pub(super) fn go_on(&mut self, unfinished: bool) {
        if std::mem::take(&mut self.link.wanted) || unfinished {
            self.exchange();
        }
    }
}
