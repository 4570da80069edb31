//! When to speak with the server, and what to send (CTX-5, CTX-6).

use rand::Rng;

use super::Engine;
use super::link::Flight;
use super::pending::Taken;
use crate::id::BatchId;
use crate::limits::{KEEPALIVE_BYTES, REQUEST_BYTES, REQUEST_ITEMS};
use crate::session::SessionMeta;
use crate::sync::{Effect, PeerMessage, Urgency};
use crate::wire::{SaveItem, SaveRequest};

/// The least and the longest interval, milliseconds.
const INTERVAL_MS: (i64, i64) = (5_000, 600_000);
/// All devices of a session send at the same moment of the interval and look for news so much
/// later: an edit is seen elsewhere after one interval and not after two.
const PULL_AFTER_MS: i64 = 1_000;

impl Engine {
    /// Saves and pulls now, or has the leader do it.
    pub(super) fn save_now(&mut self) {
        if !self.speaks() {
            self.ask_leader(Urgency::AtOnce);
        } else if self.now_ms >= self.link.not_before_ms {
            self.link.retry_at_ms = None;
            self.exchange();
        }
    }

    /// As [`Engine::save_now`], but not while the server could not be reached: for every keystroke.
    pub(super) fn save_soon(&mut self) {
        if self.speaks() && self.link.retry_at_ms.is_some() {
            return;
        }
        self.save_now();
    }

    /// The page is hidden or left: what is pending goes out by itself, as the leader may be dying
    /// too. The server keeps twice-sent changes once.
    pub(super) fn leave(&mut self) {
        if !self.pending.has_sendable() {
            return;
        }
        if !self.speaks() {
            let (tab, urgency) = (self.options.tab, Urgency::Leaving);
            self.emit(Effect::Broadcast(PeerMessage::Save { tab, urgency }));
        }
        if self.now_ms >= self.link.not_before_ms {
            self.exchange_leaving();
        }
    }

    /// The server has come so far, as it says by itself.
    pub(super) fn be_told(&mut self, seq: i64) {
        self.link.told_seq = self.link.told_seq.max(Some(seq));
        // What is under way may bring it, and is the person's own change perhaps.
        if self.speaks() && !self.link.is_busy() && self.is_behind() {
            self.save_now();
        }
    }

    /// Whether the server has more than this tab, as far as it said.
    pub(super) fn is_behind(&self) -> bool {
        let here = self.link.position.map(|position| position.seq);
        self.link.told_seq.is_some_and(|told| here.is_none_or(|here| here < told))
    }

    pub(super) fn lose_network(&mut self) {
        self.link.unreachable = true;
        if let Some(flight) = &mut self.link.in_flight {
            flight.outlasted = true;
        }
        let wait_ms = self.link.backoff.next_ms(&mut self.rng);
        self.link.retry_at_ms.get_or_insert(self.now_ms.saturating_add(wait_ms));
        self.tell_online();
    }

    pub(super) fn rename(&mut self, name: &str) {
        for create in [&mut self.options.create, &mut self.link.creating].into_iter().flatten() {
            create.name = name.into();
        }
    }

    pub(super) fn create_again(&mut self, create: SessionMeta) {
        self.release(true);
        self.link.lost = false;
        self.link.create_offered = false;
        self.link.problem = None;
        self.link.position = None;
        self.link.healed = None;
        self.link.owed = None;
        self.link.unsettled = None;
        self.link.creating = Some(create);
        if self.speaks() {
            self.save_now();
        } else {
            self.emit(Effect::TakeLead);
        }
    }

    /// Sends what is due, one request at a time.
    pub(super) fn exchange(&mut self) {
        if self.link.lost || !self.speaks() {
            return;
        }
        if self.link.is_busy() {
            self.link.wanted = true;
        } else if self.link.pull_first || !self.ask_difference() {
            let taken = self.take();
            self.request(taken, None, false);
        }
    }

    /// Sends what fits into a keepalive request, at once: a request that is under way may end with
    /// the page. What the last keepalive request carries, if it goes on, is not sent again.
    fn exchange_leaving(&mut self) {
        if self.link.lost || self.link.creating.is_some() {
            return;
        }
        let limit = self.link.limit.unwrap_or(usize::MAX);
        let outlives = self.link.in_flight.as_ref().filter(|flight| flight.keepalive);
        let sent = outlives.map(|flight| flight.ids.as_slice()).unwrap_or_default();
        let room = KEEPALIVE_BYTES.saturating_sub(self.pending.bytes(sent));
        let taken = self.pending.take_beyond(sent, room, limit);
        if !taken.ids.is_empty() {
            self.link.give_up();
            self.request(taken, None, true);
        } else if taken.cut {
            // Not even the first one fits: an ordinary request, which may end with the page.
            if self.link.is_busy() {
                self.link.wanted |= self.speaks();
            } else {
                let taken = self.take();
                self.request(taken, None, false);
            }
        }
    }

    fn take(&self) -> Taken {
        if self.link.creating.is_some() || self.link.pull_first {
            return Taken::default();
        }
        // A difference may come on top.
        let limit = self.link.limit.unwrap_or(usize::MAX).min(REQUEST_ITEMS - 1);
        let taken = self.pending.take(REQUEST_BYTES, limit);
        if taken.ids.is_empty() && taken.cut {
            return self.pending.take(usize::MAX, 1);
        }
        taken
    }

    pub(super) fn request(&mut self, taken: Taken, difference: Option<Vec<u8>>, keepalive: bool) {
        let Taken { ids, mut items, cut } = taken;
        items.extend(difference.clone().map(SaveItem::Update));
        let have = self.link.position;
        let owed = self.link.owed.as_ref();
        let vector_missing = owed.is_some_and(|owed| owed.state_vector.is_none());
        let batch = self.new_batch();
        let active = std::mem::take(&mut self.link.active);
        let create = self.link.creating.as_ref().or(self.options.create.as_ref());
        let request = SaveRequest {
            session: self.options.session,
            batch,
            items,
            have,
            create: create.filter(|_| have.is_none()).cloned(),
            rename: false,
            active,
            want_state_vector: self.link.healed.is_none() || vector_missing,
        };
        let flight = Flight {
            batch,
            ids,
            difference,
            have,
            cut,
            active,
            keepalive,
            outlasted: false,
            overtaken: false,
        };
        self.link.in_flight = Some(flight);
        self.emit(Effect::Exchange { request, keepalive });
    }

    fn new_batch(&mut self) -> BatchId {
        let mut random = [0; 10];
        self.rng.fill_bytes(&mut random);
        let millis = u64::try_from(self.now_ms).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().into()
    }

    pub(super) fn start_exchange_timers(&mut self) {
        let (least, longest) = INTERVAL_MS;
        let interval_ms = &mut self.options.autosave_interval_ms;
        *interval_ms = (*interval_ms).clamp(least, longest);
        self.link.push_at_ms = self.next_phase_ms(0);
        self.link.pull_at_ms = self.next_phase_ms(PULL_AFTER_MS);
        self.lead.nudge_at_ms = self.next_nudge_ms();
        self.link.retry_at_ms = self.link.retry_at_ms.map(|at_ms| at_ms.min(self.now_ms));
        self.link.not_before_ms = self.link.not_before_ms.min(self.now_ms);
    }

    /// The next moment that lies `offset_ms` after the session's own moment of the interval. It
    /// comes from the id, so that the sessions of a server are spread over the interval.
    pub(super) fn next_phase_ms(&self, offset_ms: i64) -> i64 {
        let interval_ms = self.options.autosave_interval_ms;
        let id = self.options.session.as_uuid().as_u128();
        let hash = i64::try_from((id ^ (id >> 64)) & 0xffff_ffff).unwrap_or(0);
        let past_ms = (self.now_ms - hash % interval_ms - offset_ms).rem_euclid(interval_ms);
        self.now_ms + interval_ms - past_ms
    }

    /// A moment that came while there was nothing to send is over: what is typed right after it
    /// waits for the next one, and does not go out with its first letter.
    pub(super) fn pass_idle_push(&mut self) {
        if self.link.push_at_ms <= self.now_ms && !self.pending.has_sendable() {
            self.link.push_at_ms = self.next_phase_ms(0);
        }
    }

    pub(super) fn exchange_due(&mut self) {
        if !self.speaks() || self.link.is_busy() || self.link.lost {
            return;
        }
        if let Some(at_ms) = self.link.retry_at_ms {
            if at_ms <= self.now_ms {
                self.link.retry_at_ms = None;
                self.exchange();
            }
            return;
        }
        if self.link.push_at_ms <= self.now_ms {
            self.link.push_at_ms = self.next_phase_ms(0);
            if self.pending.has_sendable() {
                self.exchange();
            }
        }
        if self.link.pull_at_ms <= self.now_ms && !self.link.is_busy() {
            self.link.pull_at_ms = self.next_phase_ms(PULL_AFTER_MS);
            self.read_journal();
            self.exchange();
        }
    }

    pub(super) fn exchange_wake_ms(&self) -> Option<i64> {
        if !self.speaks() || self.link.is_busy() || self.link.lost {
            return None;
        }
        let pull_at_ms = self.link.pull_at_ms;
        Some(self.link.retry_at_ms.unwrap_or_else(|| match self.pending.has_sendable() {
            true => self.link.push_at_ms.min(pull_at_ms),
            false => pull_at_ms,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        find_request, leader, news, record, reply, request, tab_at, tab_id,
    };
    use super::PULL_AFTER_MS;
    use crate::session::SessionMeta;
    use crate::sync::{Effect, Engine, Event, PeerMessage, SaveStatus, Urgency};

    /// A save's answer may be on its way within the browser when the network goes.
    #[test]
    fn ctx_2_an_answer_from_before_the_network_went_does_not_say_that_it_is_back() {
        let mut leader = leader();
        let edited = |leader: &mut Engine, number| {
            let (tab, records) = (tab_id(2), vec![record(2, number)]);
            let journaled = records.iter().map(|record| record.id).collect();
            leader.handle(0, Event::Peer(PeerMessage::Edited { tab, records }));
            leader.handle(0, Event::Peer(PeerMessage::Journaled { tab, records: journaled }));
        };
        edited(&mut leader, 1);
        let sent = request(&leader.handle(0, Event::Save(Urgency::AtOnce)));
        edited(&mut leader, 2);
        leader.handle(0, Event::Offline);
        leader.handle(0, reply(&sent, news(2, &[])));
        let status = leader.status();
        assert!(matches!(status, SaveStatus::Offline { waiting: 1, .. }), "{status:?}");

        // The next try by itself, and its answer, do.
        let retry_at_ms = leader.wake_at_ms().unwrap();
        let sent = request(&leader.handle(retry_at_ms, Event::Tick));
        leader.handle(retry_at_ms, reply(&sent, news(3, &[])));
        assert!(matches!(leader.status(), SaveStatus::Saved { .. }));
    }

    /// No timer rings at a moment when there is nothing to send.
    #[test]
    fn ctx_5_a_moment_of_the_interval_with_nothing_to_send_is_over() {
        let mut leader = leader();
        let sent = request(&leader.handle(0, Event::Save(Urgency::AtOnce)));
        leader.handle(0, reply(&sent, news(1, &[])));
        let pull_at_ms = leader.wake_at_ms().unwrap();
        let (tab, records) = (tab_id(2), vec![record(2, 1)]);
        let journaled = records.iter().map(|record| record.id).collect();
        let typed_at_ms = pull_at_ms - PULL_AFTER_MS / 2;
        let mut effects =
            leader.handle(typed_at_ms, Event::Peer(PeerMessage::Edited { tab, records }));
        let journaled = Event::Peer(PeerMessage::Journaled { tab, records: journaled });
        effects.extend(leader.handle(typed_at_ms, journaled));
        assert!(find_request(&effects).is_none(), "{effects:?}");
        let asked = request(&leader.handle(pull_at_ms, Event::Tick));
        assert_eq!(asked.items.len(), 1, "it goes along with the next request");
    }

    #[test]
    fn sync_2_who_is_told_that_the_server_has_more_pulls_once_and_only_then() {
        let mut leader = leader();
        let exchanges = |effects: &[Effect]| {
            effects.iter().filter(|effect| matches!(effect, Effect::Exchange { .. })).count()
        };
        let sent = request(&leader.handle(0, Event::Save(Urgency::AtOnce)));
        leader.handle(0, reply(&sent, news(5, &[])));
        assert_eq!(exchanges(&leader.handle(0, Event::Told(5))), 0, "it has that");
        let asked = leader.handle(0, Event::Told(7));
        assert_eq!(exchanges(&asked), 1);
        // While that is under way: what it brings is enough, or it is asked again.
        assert_eq!(exchanges(&leader.handle(0, Event::Told(8))), 0);
        let again = leader.handle(0, reply(&request(&asked), news(7, &[])));
        assert_eq!(exchanges(&again), 1);
        let done = leader.handle(0, reply(&request(&again), news(8, &[])));
        assert_eq!(exchanges(&done), 0);
        assert_eq!(exchanges(&leader.handle(0, Event::Told(3))), 0, "of long ago");

        // Who does not speak leaves it to the leader.
        let mut follower = tab_at(2, None);
        assert_eq!(exchanges(&follower.handle(0, Event::Told(9))), 0);
    }

    #[test]
    fn sess_3_a_session_is_created_with_the_name_that_it_has_by_then() {
        let mut tab = tab_at(1, None);
        let create = SessionMeta { name: "Untitled".into(), created_at_ms: 0 };
        tab.handle(0, Event::CreateAgain { create });
        tab.handle(0, Event::Renamed("Lofoten".into()));
        let asked = tab.handle(0, Event::Leading { pending: Vec::new(), waits: false });
        assert_eq!(request(&asked).create.map(|create| create.name), Some("Lofoten".into()));
    }
}
