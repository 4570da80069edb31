//! The state machine: what is known, and which part of it an event concerns.

mod acked;
mod exchange;
mod gathering;
mod heal;
mod indicator;
mod journal;
mod leader;
mod link;
mod peers;
mod pending;
mod reply;
mod settle;
#[cfg(test)]
mod testing;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use self::gathering::Gathering;
use self::journal::Journal;
use self::leader::Lead;
use self::link::Link;
use self::pending::{Pending, Place};
use super::{Effect, Event, JournalState, SaveStatus, StorageTier, Urgency};
use crate::id::{SessionId, TabId};
use crate::session::SessionMeta;

/// What an engine is made for.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// The session.
    pub session: SessionId,
    /// This page load.
    pub tab: TabId,
    /// Routine saves happen this often, 5,000 to 600,000 ms.
    pub autosave_interval_ms: i64,
    /// Seeds jitter and batch ids.
    pub seed: u64,
    /// Enough to create the session on the first save; `None`: it must exist on the server.
    pub create: Option<SessionMeta>,
}

/// One tab's part in keeping a session.
#[derive(Debug)]
pub struct Engine {
    options: EngineOptions,
    rng: ChaCha8Rng,
    /// When the event that is being handled happened.
    now_ms: i64,
    /// What it led to so far.
    effects: Vec<Effect>,
    opened: bool,
    tier: StorageTier,
    visible: bool,
    pending: Pending,
    journal: Journal,
    lead: Lead,
    gathering: Gathering,
    link: Link,
    shown: Option<SaveStatus>,
}

impl Engine {
    /// Not open yet: the first event is [`Event::Opened`].
    pub fn new(options: EngineOptions) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(options.seed),
            options,
            now_ms: i64::MIN,
            effects: Vec::new(),
            opened: false,
            tier: StorageTier::default(),
            visible: true,
            pending: Pending::default(),
            journal: Journal::default(),
            lead: Lead::default(),
            gathering: Gathering::default(),
            link: Link::default(),
            shown: None,
        }
    }

    /// Takes one event at `now_ms` (device time, milliseconds since the Unix epoch) and says what
    /// to do, in order.
    pub fn handle(&mut self, now_ms: i64, event: Event) -> Vec<Effect> {
        let set_back = now_ms < self.now_ms;
        self.now_ms = now_ms;
        if set_back {
            self.start_timers();
        }
        if self.opened {
            self.pass_idle_push();
        }
        self.dispatch(event);
        if self.opened {
            self.append_due();
            self.leader_due();
            self.exchange_due();
            self.show();
        }
        // Last, because it may be answered while the effects are being carried out.
        self.effects.sort_by_key(|effect| matches!(effect, Effect::Difference { .. }));
        std::mem::take(&mut self.effects)
    }

    /// When [`Event::Tick`] is wanted next, at the latest.
    pub fn wake_at_ms(&self) -> Option<i64> {
        if !self.opened {
            return None;
        }
        let timers = [self.append_wake_ms(), self.leader_wake_ms(), self.exchange_wake_ms()];
        timers.into_iter().flatten().min()
    }

    /// Whether this tab speaks with the server.
    pub fn leads(&self) -> bool {
        self.lead.leading
    }

    /// Whether something of the server's has come into the document, if it had anything.
    pub fn has_news(&self) -> bool {
        self.link.told || self.link.healed_position().is_some()
    }

    fn dispatch(&mut self, event: Event) {
        match event {
            Event::Opened { journal, tier } => self.open(journal, tier),
            Event::Edited { bodies, urgency } => self.edited(bodies, urgency),
            Event::Journaled(ids) => self.journaled(ids),
            Event::JournalFailed(ids) => self.journal_failed(&ids),
            Event::TierChanged(tier) => self.change_tier(tier),
            Event::Peer(message) => self.hear(message),
            Event::Leading { pending, waits } => {
                self.link.incomplete |= waits;
                self.start_leading(pending);
            }
            Event::Merged => self.note_ungiven(),
            Event::Unblocked => self.note_unblocked(),
            Event::Following => self.follow(),
            Event::Exchanged { batch, result } => self.exchanged(batch, result),
            Event::Difference { update, complete } => self.push_difference(update, complete),
            Event::Told(seq) => self.be_told(seq),
            Event::Save(urgency) => self.save(urgency),
            Event::Online => self.save_now(),
            Event::Offline => self.lose_network(),
            Event::Visible => {
                self.visible = true;
                self.read_journal();
                self.save_now();
            }
            Event::Hidden => {
                self.visible = false;
                self.save(Urgency::Leaving);
            }
            Event::Renamed(name) => self.rename(&name),
            Event::CreateAgain { create } => self.create_again(create),
            Event::OtherBuild => self.meet_other_build(),
            Event::IntervalChanged(interval_ms) => {
                self.options.autosave_interval_ms = interval_ms;
                self.start_timers();
            }
            Event::Touched => self.link.active = true,
            Event::Tick => {}
        }
    }

    fn open(&mut self, journal: JournalState, tier: StorageTier) {
        self.opened = true;
        self.tier = tier;
        self.link.start_at(journal.position);
        self.link.incomplete = journal.waits;
        for record in journal.pending {
            self.learn(record, Place::Journaled);
        }
        self.start_timers();
        self.say_hello();
        self.tell_pending();
    }

    fn save(&mut self, urgency: Urgency) {
        match urgency {
            Urgency::Routine => {}
            Urgency::AtOnce => {
                self.release(true);
                self.tell_pending();
                self.save_now();
            }
            Urgency::Leaving => self.leave(),
        }
    }

    /// Sets every timer anew, for the first time, or because their times no longer mean anything:
    /// the device's clock was set back, or the interval is another.
    fn start_timers(&mut self) {
        let now_ms = self.now_ms;
        self.start_exchange_timers();
        self.journal.retry_at_ms = self.journal.retry_at_ms.map(|at_ms| at_ms.min(now_ms));
        self.lead.wait_until_ms = self.lead.wait_until_ms.map(|at_ms| at_ms.min(now_ms));
        self.lead.heard_at_ms = now_ms;
        self.pending.wait_since_at_most(now_ms);
    }

    fn emit(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}
