//! What siblings say (TAB-1, TAB-2, TAB-5).

use super::Engine;
use super::pending::Place;
use crate::id::{IncarnationId, TabId};
use crate::sync::progress::is_reached;
use crate::sync::{
    ChangeOrigin, Effect, JournalRecord, PeerMessage, RecordId, StorageTier, Urgency,
};
use crate::wire::{LogUpdate, Position, WireError};

impl Engine {
    pub(super) fn hear(&mut self, message: PeerMessage) {
        match message {
            PeerMessage::Hello { tab, to, state_vector, ungiven } => {
                if to.is_none_or(|to| to == self.options.tab) {
                    self.answer_hello(tab, state_vector, ungiven);
                }
            }
            PeerMessage::State { tab, to, updates, position, records, ungiven } => {
                if to == self.options.tab {
                    self.take_state(updates, position, records);
                    self.gather_from(tab, position, ungiven);
                }
            }
            PeerMessage::Edited { records, .. } => self.hear_edited(records),
            PeerMessage::Journaled { records, .. } => self.hear_journaled(&records),
            PeerMessage::Settled { acked, received, since, position, at_ms, .. } => {
                self.hear_settled(&acked, received, since, position, at_ms);
            }
            PeerMessage::Save { urgency, .. } => self.hear_save(urgency),
            PeerMessage::Leading { tab, online, problem, position, given } => {
                self.hear_leading(online, problem, position);
                self.hear_given(tab, &given);
            }
            PeerMessage::Bye { tab } => self.adopt(tab),
            PeerMessage::Described { name, state, .. } => drop(self.describe(name, state)),
            PeerMessage::Here(info) => self.hear_of(info.active_at_ms),
        }
    }

    fn answer_hello(&mut self, to: TabId, state_vector: Vec<u8>, theirs_ungiven: bool) {
        let (position, records) = (self.link.healed_position(), self.untold());
        let ungiven = self.tell_ungiven(to);
        self.emit(Effect::TellState { to, state_vector, position, records, ungiven });
        self.tell_online();
        if theirs_ungiven && self.speaks() {
            self.emit(Effect::SayHello { to: Some(to) });
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
        updates: Vec<Vec<u8>>,
        position: Option<Position>,
        records: Vec<JournalRecord>,
    ) {
        for update in updates {
            self.emit(Effect::Apply { update, origin: ChangeOrigin::OtherTab });
        }
        self.learn_all(records, Place::Sibling);
        if let Some(position) = position.filter(|position| self.believes_in(position.incarnation)) {
            self.go_to(position);
        }
    }

    /// Who leads knows better than the others which life of the database is the present one.
    fn believes_in(&self, life: IncarnationId) -> bool {
        if self.lead.leading {
            return self.link.healed == Some(life) && self.link.owed.is_none();
        }
        let leaders = self.lead.behind.is_some_and(|leader| leader.incarnation == life);
        leaders || self.link.healed.is_none_or(|healed| healed == life)
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
        self.say_settled(acked);
        if learnt && self.tier != StorageTier::IndexedDb {
            self.save_soon();
        }
    }

    fn hear_journaled(&mut self, ids: &[RecordId]) {
        self.set_place(ids.iter().copied(), Place::Journaled);
        if self.lead.leading {
            let acked = ids.iter().copied().filter(|id| self.pending.was_acked(*id));
            self.say_settled(acked.collect());
        }
    }

    /// The sender missed that these are saved; the journal perhaps got them after they had been taken out of it.
    fn say_settled(&mut self, acked: Vec<RecordId>) {
        if acked.is_empty() {
            return;
        }
        self.settle_again(acked.iter().copied());
        let (tab, at_ms) = (self.options.tab, self.now_ms);
        let (received, since, position) = (Vec::new(), None, None);
        let settled = PeerMessage::Settled { tab, acked, received, since, position, at_ms };
        self.emit(Effect::Broadcast(settled));
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
            Some(position) if knows_all && joined => {
                // Its own reading of the journal comes in the words of a sibling.
                if !self.lead.leading || self.believes_in(position.incarnation) {
                    self.go_to(position);
                }
                self.lead.behind = None;
            }
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

#[cfg(test)]
mod tests {
    use super::super::testing::{leader_who_saved, record, tab, tab_id};
    use super::*;
    use crate::sync::{Event, SaveStatus};

    /// A busy tab gets to append only after the leader has saved what it told.
    #[test]
    fn sync_6_what_a_sibling_journals_after_it_was_saved_is_taken_out_again() {
        let late = record(2, 1);
        let mut leader = leader_who_saved(&late);
        let journaled = PeerMessage::Journaled { tab: tab_id(2), records: vec![late.id] };
        let effects = leader.handle(0, Event::Peer(journaled));
        let settled =
            |effect: &Effect| matches!(effect, Effect::Settle { acked, .. } if *acked == [late.id]);
        assert!(effects.iter().any(settled), "{effects:?}");
        let told = |effect: &Effect| matches!(effect, Effect::Broadcast(PeerMessage::Settled { acked, .. }) if *acked == [late.id]);
        assert!(effects.iter().any(told), "{effects:?}");
    }

    /// What one tab says may reach a second one after what a third, which heard it before, says of all it has.
    #[test]
    fn ctx_7_tab_2_what_comes_with_a_siblings_state_is_not_saved_before_the_server_has_it() {
        let (mut one, made) = (tab(1), record(3, 1));
        let edited = PeerMessage::Edited { tab: tab_id(3), records: vec![made.clone()] };
        one.handle(0, Event::Peer(edited));
        let journaled = PeerMessage::Journaled { tab: tab_id(3), records: vec![made.id] };
        one.handle(0, Event::Peer(journaled));
        let (to, state_vector) = (None, vec![0]);
        let hello = PeerMessage::Hello { tab: tab_id(2), to, state_vector, ungiven: false };
        let told = one.handle(0, Event::Peer(hello)).into_iter().find_map(|effect| match effect {
            Effect::TellState { to, position, records, ungiven, .. } => {
                let (tab, updates) = (tab_id(1), vec![vec![0, 0]]);
                Some(PeerMessage::State { tab, to, updates, position, records, ungiven })
            }
            _ => None,
        });

        let mut two = tab(2);
        assert!(matches!(two.status(), SaveStatus::Saved { .. }));
        two.handle(0, Event::Peer(told.expect("an answer")));
        // That the journal has it is for the tab to say that put it there.
        assert!(matches!(two.status(), SaveStatus::Saving { waiting: 1 }));
        let journaled = PeerMessage::Journaled { tab: tab_id(3), records: vec![made.id] };
        two.handle(0, Event::Peer(journaled));
        assert!(matches!(two.status(), SaveStatus::OnDevice { waiting: 1, .. }));
    }
}
