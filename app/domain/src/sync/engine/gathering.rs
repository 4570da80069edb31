//! What only a sibling has comes to the server all the same (SYNC-6).
//!
//! A position says that all a document has was given to a life of the database, by whichever tab led. A tab whose
//! document has perhaps more calls that ungiven: it took in what a store held, led and did not come to an end, knew
//! another life, had something waiting, or has it all from such a tab. The leader asks it, gives what it gets, and
//! says so.

use super::Engine;
use crate::id::TabId;
use crate::sync::Effect;
use crate::wire::Position;

/// How long siblings may take to give what the server has lost.
const GATHER_MS: i64 = 10_000;

/// What is in a document that perhaps no tab gave to the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ungiven {
    /// Leaders that were greeted so that they ask for it, each once: two may lead at a time.
    offered: Vec<TabId>,
    /// Siblings that were told of all of it.
    told: Vec<TabId>,
}

/// What this tab has beyond what was given, and what it gets from siblings.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    /// All siblings are asked until then.
    until_ms: Option<i64>,
    ungiven: Option<Ungiven>,
    /// Whose ungiven changes are being given.
    from: Vec<TabId>,
    /// Whose are given, and were not told so yet.
    pub(super) given: Vec<TabId>,
}

impl Engine {
    /// Whether the document perhaps has what no tab gave to the server, and this one does not speak with it.
    pub fn is_ungiven(&self) -> bool {
        !self.speaks() && self.gathering.ungiven.is_some()
    }

    /// Something is perhaps on the server no more that a sibling still has: it is fetched, and given
    /// to the server with the rest.
    pub(super) fn gather(&mut self) {
        self.gathering.until_ms = Some(self.now_ms.saturating_add(GATHER_MS));
        self.lead.greeted_at_ms = None;
        self.say_hello();
        self.read_journal();
    }

    /// Whether what siblings have is being gathered.
    pub(super) fn gathers(&self) -> bool {
        self.gathering.until_ms.is_some_and(|until_ms| self.now_ms <= until_ms)
    }

    /// A sibling's document is here: what is not on the server is given.
    pub(super) fn gather_from(&mut self, tab: TabId, position: Option<Position>, ungiven: bool) {
        if !self.speaks() {
            if ungiven && self.gathering.ungiven.is_none() {
                self.note_ungiven();
            }
            return;
        }
        // In another life of the database it was given what this one perhaps lacks.
        let life = position.map(|position| position.incarnation);
        let elsewhere = self.link.healed.is_some() && life != self.link.healed;
        if ungiven && !self.gathering.from.contains(&tab) {
            self.gathering.from.push(tab);
        }
        if ungiven || elsewhere || self.gathers() {
            self.release(false);
            self.owe_again();
        }
    }

    /// All that was gathered is given, unless some of it came too late for that.
    pub(super) fn note_given(&mut self) {
        if self.link.owed.is_some() {
            return;
        }
        self.gathering.ungiven = None;
        self.gathering.given = std::mem::take(&mut self.gathering.from);
        if !self.gathering.given.is_empty() {
            self.tell_online();
        }
    }

    /// The document has perhaps more than was given: who speaks gives it, another tab says so.
    pub(super) fn note_ungiven(&mut self) {
        let known = self.gathering.ungiven.is_some();
        self.gathering.ungiven = Some(Ungiven::default());
        if self.speaks() {
            self.owe_again();
            return;
        }
        if !known {
            self.lead.greeted_at_ms = None;
        }
        self.say_hello();
    }

    /// Something that waited in the document has come into it. Who speaks looks for that with each answer; what another
    /// tab heard of was perhaps given to another life of the database only, by a tab that is no more.
    pub(super) fn note_unblocked(&mut self) {
        if !self.speaks() {
            self.note_ungiven();
        }
    }

    /// Another tab leads, or none: what this one owes, since it led or since it was opened, is that one's to give.
    pub(super) fn leave_owed(&mut self) {
        self.gathering.from.clear();
        self.gathering.given.clear();
        let owed = self.link.owed.take().is_some();
        let incomplete = std::mem::take(&mut self.link.incomplete);
        if owed || incomplete {
            self.note_ungiven();
        }
    }

    /// Who speaks gives what no other tab gave, where it does not do so already.
    pub(super) fn give_ungiven(&mut self) {
        if self.has_ungiven() && self.link.owed.is_none() && self.link.healed_position().is_some() {
            self.owe_again();
        }
    }

    /// Whether something that is here, or came from a sibling, is perhaps not on the server.
    pub(super) fn has_ungiven(&self) -> bool {
        self.gathering.ungiven.is_some() || !self.gathering.from.is_empty()
    }

    /// A sibling is told all that is here; whether that is perhaps ungiven.
    pub(super) fn tell_ungiven(&mut self, to: TabId) -> bool {
        if self.speaks() {
            return self.link.owed.is_some() || self.link.incomplete;
        }
        let ungiven = self.gathering.ungiven.as_mut();
        ungiven.is_some_and(|ungiven| {
            ungiven.told.retain(|tab| *tab != to);
            ungiven.told.push(to);
            true
        })
    }

    /// The leader gave what these tabs told it.
    pub(super) fn hear_given(&mut self, leader: TabId, given: &[TabId]) {
        let was_told = |ungiven: &Ungiven| ungiven.told.contains(&leader);
        if given.contains(&self.options.tab)
            && self.gathering.ungiven.as_ref().is_some_and(was_told)
        {
            self.gathering.ungiven = None;
        }
        self.offer_ungiven(leader);
    }

    /// Who leads was perhaps not the one who was told, or did not lead yet when all were greeted.
    fn offer_ungiven(&mut self, leader: TabId) {
        if self.speaks() {
            return;
        }
        let Some(ungiven) = &mut self.gathering.ungiven else { return };
        if !ungiven.offered.contains(&leader) {
            ungiven.offered.push(leader);
            self.emit(Effect::SayHello { to: Some(leader) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Engine;
    use super::super::testing::{before, leader, news, position, reply, request, tab, tab_id};
    use crate::sync::{Effect, Event, PeerMessage};

    fn hello(ungiven: bool) -> Event {
        let (tab, to, state_vector) = (tab_id(2), None, vec![0]);
        Event::Peer(PeerMessage::Hello { tab, to, state_vector, ungiven })
    }

    #[test]
    fn sync_6_what_a_sibling_did_not_come_to_give_is_given_and_it_hears_of_it() {
        let asked = [Effect::SayHello { to: Some(tab_id(2)) }];
        let mut leader = leader();
        assert!(!leader.handle(0, hello(false)).contains(&asked[0]));
        assert!(leader.handle(0, hello(true)).contains(&asked[0]));

        let state = PeerMessage::State {
            tab: tab_id(2),
            to: tab_id(1),
            updates: vec![vec![1]],
            position: Some(position(1)),
            records: Vec::new(),
            ungiven: true,
        };
        let fetched = leader.handle(0, Event::Peer(state));
        leader.handle(0, reply(&request(&fetched), news(1, &[])));
        let pushed = leader.handle(0, Event::Difference { update: vec![2], complete: true });
        let done = leader.handle(0, reply(&request(&pushed), news(2, &[])));
        let given = done.iter().find_map(|effect| match effect {
            Effect::Broadcast(PeerMessage::Leading { given, .. }) => Some(given.clone()),
            _ => None,
        });
        assert_eq!(given, Some(vec![tab_id(2)]));
    }

    /// Whether a tab that hears that another one leads greets that one.
    fn greets(follower: &mut Engine, leader: u128) -> bool {
        let (tab, online, position) = (tab_id(leader), true, Some(position(1)));
        let (problem, given) = (None, Vec::new());
        let leading = PeerMessage::Leading { tab, online, problem, position, given };
        let effects = follower.handle(0, Event::Peer(leading));
        effects.contains(&Effect::SayHello { to: Some(tab) })
    }

    /// The one who led when it said so came to no end with it, or was none yet.
    #[test]
    fn sync_6_ctx_7_a_new_leader_hears_at_once_of_a_follower_whose_document_has_more() {
        let mut follower = tab(2);
        follower.handle(0, Event::Merged);
        // Each once: without locks two lead at a time, and both say so again and again.
        assert_eq!(
            [3, 3, 4, 3, 4].map(|leader| greets(&mut follower, leader)),
            [true, false, true, false, false]
        );
        let (to, state_vector) = (Some(tab_id(2)), vec![0]);
        let asked = PeerMessage::Hello { tab: tab_id(4), to, state_vector, ungiven: false };
        follower.handle(0, Event::Peer(asked));
        assert_eq!([4, 5].map(|leader| greets(&mut follower, leader)), [false, true]);
    }

    /// It was acknowledged before the database was brought back from an older copy, and what it builds on came after.
    #[test]
    fn sync_6_ctx_7_what_had_waited_in_a_followers_document_is_given() {
        let mut follower = tab(2);
        assert!(!follower.handle(0, Event::Unblocked).is_empty());
        assert!(follower.is_ungiven());
        let mut leader = leader();
        assert!(leader.handle(0, Event::Unblocked).is_empty());
    }

    #[test]
    fn sync_6_ctx_7_a_follower_whose_document_has_more_says_so_until_it_is_given() {
        let mut follower = tab(2);
        assert!(!follower.is_ungiven());
        follower.handle(0, Event::Merged);
        assert!(follower.is_ungiven());
        let leading = |position| PeerMessage::Leading {
            tab: tab_id(1),
            online: true,
            problem: None,
            position: Some(position),
            given: vec![tab_id(2)],
        };
        // It has told nobody yet.
        follower.handle(0, Event::Peer(leading(position(1))));
        assert!(follower.is_ungiven());
        let (to, state_vector) = (Some(tab_id(2)), vec![0]);
        let asked = PeerMessage::Hello { tab: tab_id(1), to, state_vector, ungiven: false };
        follower.handle(0, Event::Peer(asked));
        assert!(follower.is_ungiven());
        follower.handle(0, Event::Peer(leading(position(1))));
        assert!(!follower.is_ungiven());

        // Another life of the database: what it had was given to the one before.
        let (tab, acked, received) = (tab_id(1), Vec::new(), Vec::new());
        let (since, position, at_ms) = (None, Some(before(1)), 0);
        let settled = PeerMessage::Settled { tab, acked, received, since, position, at_ms };
        follower.handle(0, Event::Peer(settled));
        assert!(follower.is_ungiven());
    }
}
