//! What siblings say (TAB-1, TAB-2, TAB-5).

use super::Engine;
use super::pending::Place;
use crate::sync::progress::is_reached;
use crate::sync::{
    ChangeOrigin, Effect, JournalRecord, PeerMessage, RecordId, StorageTier, Urgency,
};
use crate::wire::{LogUpdate, Position, WireError};

impl Engine {
    pub(super) fn hear(&mut self, message: PeerMessage) {
        match message {
            PeerMessage::Hello { tab, state_vector } => {
                let records = self.unkept();
                let position = self.link.healed_position();
                self.emit(Effect::TellState { to: tab, state_vector, position, records });
                self.tell_online();
            }
            PeerMessage::State { to, update, position, records, .. } => {
                if to == self.options.tab {
                    self.take_state(update, position, records);
                }
            }
            PeerMessage::Edited { records, .. } => self.hear_edited(records),
            PeerMessage::Journaled { records, .. } => self.set_place(records, Place::Journaled),
            PeerMessage::Settled { acked, received, since, position, at_ms, .. } => {
                self.hear_settled(&acked, received, since, position, at_ms);
            }
            PeerMessage::Save { urgency, .. } => self.hear_save(urgency),
            PeerMessage::Leading { online, problem, position, .. } => {
                self.hear_leading(online, problem, position);
            }
            PeerMessage::Bye { tab } => self.adopt(tab),
            PeerMessage::Described { name, state, .. } => drop(self.describe(name, state)),
            PeerMessage::Here(info) => self.hear_of(info.active_at_ms),
        }
    }

    /// The leader tells the server that a person is there, in whichever tab.
    fn hear_of(&mut self, active_at_ms: i64) {
        let last = self.link.sibling_active_at_ms;
        self.link.sibling_active_at_ms = last.max(Some(active_at_ms));
        self.link.active |= last.is_some_and(|last| last < active_at_ms);
    }

    fn take_state(
        &mut self,
        update: Vec<u8>,
        position: Option<Position>,
        records: Vec<JournalRecord>,
    ) {
        self.emit(Effect::Apply { update, origin: ChangeOrigin::OtherTab });
        // Those that wait for something in the sibling's document are not in its update.
        self.learn_all(records, Place::Sibling);
        if let Some(position) = position {
            self.link.take_state_of(position, self.lead.leading);
        }
        // In another life of the database it was given what this one perhaps lacks.
        let life = position.map(|position| position.incarnation);
        let elsewhere = self.link.healed.is_some() && life != self.link.healed;
        if self.speaks() && (self.gathers() || elsewhere) {
            self.release(false);
            self.owe_again();
        }
    }

    fn hear_edited(&mut self, records: Vec<JournalRecord>) {
        let ids = records.iter().map(|record| record.id);
        let acked: Vec<RecordId> = ids.filter(|id| self.pending.was_acked(*id)).collect();
        let learnt = self.learn_all(records, Place::Sibling);
        if learnt {
            self.release(false);
        }
        if !self.lead.leading {
            return;
        }
        if !acked.is_empty() {
            // The sender missed the settlement.
            let (tab, at_ms) = (self.options.tab, self.now_ms);
            let (received, since, position) = (Vec::new(), None, None);
            let settled = PeerMessage::Settled { tab, acked, received, since, position, at_ms };
            self.emit(Effect::Broadcast(settled));
        }
        if learnt && self.tier != StorageTier::IndexedDb {
            self.save_soon();
        }
    }

    fn hear_settled(
        &mut self,
        acked: &[RecordId],
        received: Vec<LogUpdate>,
        since: Option<Position>,
        position: Option<Position>,
        at_ms: i64,
    ) {
        // An acknowledged record that is unknown here is a change this document does not have.
        let knows_all = acked.iter().all(|id| self.pending.knows(*id));
        let settled = self.pending.settle(acked);
        if !settled.is_empty() {
            self.link.saved_at_ms = self.link.saved_at_ms.max(Some(at_ms));
        }
        if let Some(flight) = &mut self.link.in_flight {
            let mut settled = settled.iter().map(|waiting| waiting.record.id);
            flight.overtaken |= settled.any(|id| flight.ids.contains(&id));
        }
        self.link.told |= !received.is_empty() || position.is_some();
        self.apply_log(received);
        let joined = since.is_none_or(|since| {
            self.link.healed_position().is_some_and(|here| is_reached(here, since))
        });
        match position {
            Some(position) if knows_all && joined => self.link.advance(position),
            None if knows_all => {}
            _ => {
                self.lead.behind = position.or(self.lead.behind);
                self.say_hello();
            }
        }
        if !self.lead.leading {
            self.heard_leader();
            self.link.unreachable = false;
            self.link.problem = None;
        }
    }

    fn hear_save(&mut self, urgency: Urgency) {
        if !self.lead.leading {
            return;
        }
        self.tell_online();
        match urgency {
            Urgency::Routine => {}
            Urgency::AtOnce => self.save(urgency),
            Urgency::Leaving => self.save_now(),
        }
    }

    fn hear_leading(
        &mut self,
        online: bool,
        problem: Option<WireError>,
        position: Option<Position>,
    ) {
        if self.lead.leading {
            return;
        }
        self.heard_leader();
        self.lead.behind = position.or(self.lead.behind);
        self.link.unreachable = !online;
        if problem.as_ref().is_some_and(|problem| problem.code == "not_found") {
            self.offer_create_again();
        }
        self.link.problem = problem;
    }
}
