//! One tab of the browser speaks with the server for all (TAB-5).

use super::Engine;
use super::pending::Place;
use crate::limits::REQUEST_BYTES;
use crate::sync::progress::is_reached;
use crate::sync::{Effect, JournalRecord, PeerMessage, RecordId, Urgency};
use crate::wire::Position;

/// How long a follower waits for its leader: 3 s at the most (TAB-5), and a timer may ring late.
const LEADER_WAIT_MS: i64 = 2_500;
/// Followers look after the interval's exchange whether it brought what they wait for.
const NUDGE_AFTER_MS: i64 = 5_000;
/// How long the answers to a greeting may take before another is worth it.
const GREETING_MS: i64 = 5_000;

/// What this tab knows of the leader.
#[derive(Debug, Default)]
pub(super) struct Lead {
    pub(super) leading: bool,
    /// A sibling of another build is there: it understands nothing this tab says.
    pub(super) other_build: bool,
    pub(super) reload_offered: bool,
    /// The leader was asked and has until then to answer.
    pub(super) wait_until_ms: Option<i64>,
    /// When the leader last said something.
    pub(super) heard_at_ms: i64,
    pub(super) nudge_at_ms: i64,
    pub(super) greeted_at_ms: Option<i64>,
    /// The leader said that it is here, and this tab is not.
    pub(super) behind: Option<Position>,
}

impl Engine {
    /// Whether this tab may speak with the server at any time. Next to a sibling of another build
    /// each speaks for itself: two at once do no harm, a change nobody sends does (TAB-6).
    pub(super) fn speaks(&self) -> bool {
        self.lead.leading || self.lead.other_build
    }

    pub(super) fn start_leading(&mut self, pending: Vec<JournalRecord>) {
        let first = !self.lead.leading;
        self.lead.leading = true;
        self.lead.wait_until_ms = None;
        self.settle_again(pending.iter().map(|record| record.id));
        let learnt = self.learn_all(pending, Place::Journaled);
        if first {
            self.release(false);
            self.tell_online();
            self.save_now();
        } else if learnt {
            self.save_soon();
        }
    }

    /// What was acknowledged and is in the journal as pending all the same: it was appended later.
    pub(super) fn settle_again(&mut self, ids: impl Iterator<Item = RecordId>) {
        let acked: Vec<_> = ids.filter(|id| self.pending.was_acked(*id)).collect();
        if !acked.is_empty() {
            let (received, since, position) = (Vec::new(), None, None);
            self.emit(Effect::Settle { acked, received, since, position });
        }
    }

    /// A leader looks for records of which it was not told.
    pub(super) fn read_journal(&mut self) {
        if self.lead.leading {
            self.emit(Effect::ReadJournal);
        }
    }

    pub(super) fn follow(&mut self) {
        self.lead.leading = false;
        self.heard_leader();
        self.lead.nudge_at_ms = self.next_nudge_ms();
    }

    /// When to look next.
    pub(super) fn next_nudge_ms(&self) -> i64 {
        self.next_phase_ms(NUDGE_AFTER_MS)
    }

    pub(super) fn meet_other_build(&mut self) {
        self.offer_reload();
        if !self.lead.other_build {
            self.lead.other_build = true;
            // That one finds out from a message too: until then it waits for a leader it cannot hear.
            self.lead.greeted_at_ms = None;
            self.say_hello();
            self.save_now();
        }
    }

    pub(super) fn offer_reload(&mut self) {
        if !self.lead.reload_offered {
            self.lead.reload_offered = true;
            self.emit(Effect::OfferReload);
        }
    }

    /// The leader lives.
    pub(super) fn heard_leader(&mut self) {
        self.lead.heard_at_ms = self.now_ms;
        self.lead.wait_until_ms = None;
    }

    pub(super) fn ask_leader(&mut self, urgency: Urgency) {
        let tab = self.options.tab;
        self.emit(Effect::Broadcast(PeerMessage::Save { tab, urgency }));
        let until_ms = self.now_ms.saturating_add(LEADER_WAIT_MS);
        self.lead.wait_until_ms.get_or_insert(until_ms);
    }

    /// Says to the siblings that this tab leads and how the server is.
    pub(super) fn tell_online(&mut self) {
        if !self.lead.leading {
            return;
        }
        let (tab, online) = (self.options.tab, !self.link.unreachable);
        let (problem, position) = (self.problem(), self.link.healed_position());
        let given = std::mem::take(&mut self.gathering.given);
        let leading = PeerMessage::Leading { tab, online, problem, position, given };
        self.emit(Effect::Broadcast(leading));
    }

    /// Greets the siblings: each answers with what this tab does not have.
    pub(super) fn say_hello(&mut self) {
        let asked = self.lead.greeted_at_ms.map(|at_ms| self.now_ms.saturating_sub(at_ms));
        if asked.is_some_and(|ago_ms| (0..GREETING_MS).contains(&ago_ms)) {
            return;
        }
        self.lead.greeted_at_ms = Some(self.now_ms);
        self.emit(Effect::SayHello { to: None });
    }

    pub(super) fn leader_due(&mut self) {
        if self.speaks() {
            self.give_ungiven();
            return;
        }
        self.leave_owed();
        if self.lead.wait_until_ms.is_some_and(|at_ms| at_ms <= self.now_ms) {
            self.lead.wait_until_ms = None;
            if self.visible {
                self.emit(Effect::TakeLead);
            }
        }
        if self.lead.nudge_at_ms <= self.now_ms {
            self.lead.nudge_at_ms = self.next_nudge_ms();
            self.nudge();
        }
    }

    /// Once an interval a follower makes sure that the leader lives and knows what waits here.
    fn nudge(&mut self) {
        let before_ms = self.now_ms.saturating_sub(self.options.autosave_interval_ms);
        let waits = self.pending.all().any(|waiting| waiting.since_ms <= before_ms);
        let here = self.link.healed_position();
        if here.is_some_and(|here| self.lead.behind.is_some_and(|told| is_reached(here, told))) {
            self.lead.behind = None;
        }
        let answers = !self.link.unreachable && self.link.problem.is_none();
        if self.lead.behind.is_some() || answers && self.is_ungiven() {
            // This tab missed something that the leader said, or the other way round.
            self.say_hello();
        }
        if waits && answers {
            // The leader could save and still something waits: a message was lost, on either way.
            self.tell_pending();
        }
        if waits || self.visible && self.lead.heard_at_ms <= before_ms {
            self.ask_leader(Urgency::Routine);
        }
    }

    /// The leader perhaps never heard of what waits here, or the tab that made it was gone before it heard that it
    /// is saved.
    pub(super) fn tell_pending(&mut self) {
        let (records, _) = self.pending.front(REQUEST_BYTES, usize::MAX);
        if self.speaks() || records.is_empty() {
            return;
        }
        let records = records.into_iter().cloned().collect();
        let tab = self.options.tab;
        self.emit(Effect::Broadcast(PeerMessage::Edited { tab, records }));
    }

    pub(super) fn leader_wake_ms(&self) -> Option<i64> {
        if self.speaks() {
            return None;
        }
        let wait_until_ms = self.lead.wait_until_ms.unwrap_or(i64::MAX);
        Some(wait_until_ms.min(self.lead.nudge_at_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{leader_who_saved, opened, position, record, request, tab, tab_id};
    use super::*;
    use crate::sync::{Event, SaveStatus};

    fn told(effects: &[Effect]) -> Vec<PeerMessage> {
        let told = effects.iter().filter_map(|effect| match effect {
            Effect::Broadcast(message) => Some(message.clone()),
            _ => None,
        });
        told.collect()
    }

    /// Its page was gone before it heard that its change was saved, and left it in the journal.
    #[test]
    fn sync_6_tab_2_what_waits_in_the_journal_of_a_tab_that_opens_is_known_to_the_leader_at_once() {
        let left = record(3, 1);
        let mut leader = leader_who_saved(&left);

        let (mut tab, opening) = opened(2, Some(position(1)), vec![left.clone()]);
        let heard = told(&opening).into_iter().flat_map(|said| leader.handle(0, Event::Peer(said)));
        let heard: Vec<_> = heard.collect();
        let settled =
            |effect: &Effect| matches!(effect, Effect::Settle { acked, .. } if *acked == [left.id]);
        assert!(heard.iter().any(settled), "it is taken out of the journal: {heard:?}");
        let shown = told(&heard).into_iter().flat_map(|said| tab.handle(0, Event::Peer(said)));
        let shown = shown.filter_map(|effect| match effect {
            Effect::Show(status) => Some(status),
            _ => None,
        });
        let last = shown.last();
        assert!(matches!(last, Some(SaveStatus::Saved { .. })), "{last:?}");

        // What the leader never heard of it sends, also where the person asks later only.
        let unheard = record(3, 2);
        let (mut tab, _) = opened(2, Some(position(2)), vec![unheard.clone()]);
        let asked = told(&tab.handle(0, Event::Save(Urgency::AtOnce)));
        let sends = asked.into_iter().flat_map(|said| leader.handle(0, Event::Peer(said)));
        assert_eq!(request(&sends.collect::<Vec<_>>()).items.len(), 1);
    }

    fn hellos(engine: &mut Engine, at_ms: i64, event: Event) -> usize {
        let effects = engine.handle(at_ms, event);
        effects.into_iter().filter(|effect| matches!(effect, Effect::SayHello { .. })).count()
    }

    #[test]
    fn tab_6_who_meets_another_build_lets_it_know_once() {
        // It has just greeted: whoever came after that has not heard it.
        let mut tab = tab(1);
        let twice = [Event::OtherBuild, Event::OtherBuild];
        assert_eq!(twice.map(|event| hellos(&mut tab, 0, event)), [1, 0]);
    }

    #[test]
    fn tab_2_a_tab_that_missed_something_hears_from_the_leader_that_it_is_behind() {
        let mut tab = tab(1);
        let leading = |seq| {
            let (tab, position) = (tab_id(2), Some(position(seq)));
            Event::Peer(PeerMessage::Leading {
                tab,
                online: true,
                problem: None,
                position,
                given: Vec::new(),
            })
        };
        let mut asked = |seq, at_ms| {
            tab.handle(at_ms, leading(seq));
            hellos(&mut tab, at_ms + 30_000, Event::Tick)
        };
        assert_eq!([asked(1, 60_000), asked(5, 120_000)], [0, 1]);
    }
}
