//! Giving the server everything the document has beyond it: on first contact, when the server was
//! restored from an older copy, and when something is missing there (SYNC-6).
//!
//! Deletions do not show in state vectors, so equal vectors are no reason not to.

use super::Engine;
use super::pending::Taken;
use crate::id::IncarnationId;
use crate::scan::{Coverage, Relation, scan_taken};
use crate::sync::{Effect, RecordId};

/// An update without structs and deletions.
const EMPTY_UPDATE: [u8; 2] = [0, 0];

impl Engine {
    /// Asks for the difference where it is owed and the server's vector known; whether it did.
    pub(super) fn ask_difference(&mut self) -> bool {
        let Some(owed) = &mut self.link.owed else { return false };
        let Some(state_vector) = owed.state_vector.clone() else { return false };
        if owed.held.is_some() {
            return false;
        }
        owed.asked = true;
        self.emit(Effect::Difference { state_vector });
        true
    }

    /// The document has perhaps more than was given: it is given again, once the server has said
    /// what it has.
    pub(super) fn owe_again(&mut self) {
        if let Some(position) = self.link.position {
            self.link.owe(position.incarnation, None);
        }
        // One that is under way does not have it yet.
        let flight = self.link.in_flight.as_ref();
        self.link.owe_more = flight.is_some_and(|flight| flight.difference.is_some());
        self.link.gave_all = false;
        self.link.limit = None;
        self.save_soon();
    }

    /// The difference is there: it goes out at once.
    pub(super) fn push_difference(&mut self, update: Vec<u8>, complete: bool) {
        self.link.incomplete = !complete;
        let Some(owed) = self.link.owed.as_mut().filter(|owed| owed.asked) else {
            return self.go_on(false);
        };
        owed.asked = false;
        if self.link.in_flight.is_some() {
            // The page was left meanwhile: it is asked for again.
            self.link.wanted = true;
            return;
        }
        let incarnation = owed.incarnation;
        if update.is_empty() || update == EMPTY_UPDATE {
            self.note_healed(incarnation);
            if let Some(position) = self.link.healed_position() {
                self.settle_healed(position);
            }
            self.go_on(self.link.more || self.pending.has_sendable());
        } else {
            self.request(Taken::default(), Some(update), false);
        }
    }

    pub(super) fn note_healed(&mut self, incarnation: IncarnationId) {
        self.link.owed = None;
        if std::mem::take(&mut self.link.owe_more) {
            // No position in a life that it does not have yet: the page may die before it is given.
            self.link.owe(incarnation, None);
        } else {
            self.link.healed = Some(incarnation);
        }
        self.link.creating = None;
        self.link.gave_all = true;
        self.note_given();
    }

    /// Which pending updates the server has, now that it took `difference` on top of what
    /// `state_vector` says. One that waits for something that nobody has is not among them.
    pub(super) fn covered(&self, state_vector: &[u8], difference: &[u8]) -> Vec<RecordId> {
        let Ok(mut coverage) = Coverage::from_state_vector(state_vector) else { return Vec::new() };
        let Ok(difference) = scan_taken(difference) else { return Vec::new() };
        coverage.add(&difference);
        let known = |update: &[u8]| {
            scan_taken(update).is_ok_and(|update| coverage.relation(&update) == Relation::Known)
        };
        let records = self.pending.all().map(|waiting| &waiting.record);
        records
            .filter(|record| record.update().is_some_and(known))
            .map(|record| record.id)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{before, leader, news, reply, request, tab_at, tab_id};
    use crate::sync::{Effect, Event, PeerMessage};
    use crate::wire::LogUpdate;

    #[test]
    fn sync_6_what_a_sibling_gave_to_a_life_before_is_given_again() {
        let mut leader = leader();
        let state = PeerMessage::State {
            tab: tab_id(2),
            to: tab_id(1),
            updates: vec![vec![1]],
            position: Some(before(9)),
            records: Vec::new(),
            ungiven: false,
        };
        let asked = leader.handle(0, Event::Peer(state));
        assert!(request(&asked).want_state_vector);
    }

    #[test]
    fn sync_6_what_waited_for_news_that_come_with_the_answer_is_given_too() {
        let mut leader = tab_at(1, None);
        let asked = leader.handle(0, Event::Leading { pending: Vec::new(), waits: false });
        leader.handle(0, reply(&request(&asked), news(1, &[])));
        let given = leader.handle(0, Event::Difference { update: vec![1], complete: false });
        let answer = news(2, &[LogUpdate::edited(vec![2])]);
        let again = leader.handle(0, reply(&request(&given), answer));
        assert!(again.iter().any(|effect| matches!(effect, Effect::Difference { .. })));
    }
}
