//! One tab holds the stream, the others hear from it. Where there are no Web Locks or no channel, each visible tab
//! holds its own.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use gloo_timers::callback::Timeout;
use holdfast_domain::Environment;
use holdfast_domain::event::{EventKind, SessionEvent, Watched};
use holdfast_domain::id::TabId;
use holdfast_domain::sync::Backoff;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::said::Said;
use super::source::Source;
use super::watchers::{Need, Watchers, is_behind};
use crate::Transport;
use crate::browser::{
    Broadcast, Browser, HeldLock, LockEnd, LockRequest, is_visible, request_lock,
};
use crate::panic::is_dead;
use crate::simulated::has_no_channel;

/// How long a visible tab waits for whoever holds the stream (TAB-5).
const HOLDER_WAIT_MS: u32 = 2_500;
/// So often a tab makes sure that somebody holds it, and that it is known there.
const SAY_AGAIN_MS: i64 = 15_000;
/// Tabs that open together ask together.
const GATHER_MS: u32 = 20;

/// This tab's part in it.
pub(crate) struct Relay {
    profile: String,
    tab: TabId,
    transport: Arc<dyn Transport>,
    hear: Box<dyn Fn(SessionEvent)>,
    me: Weak<Relay>,
    wants: Cell<Option<Watched>>,
    channel: RefCell<Option<Broadcast>>,
    lock: RefCell<Option<HeldLock>>,
    /// Counts claims, so that the end of an old one is not taken for that of a new one.
    claim: Cell<u64>,
    alone: Cell<bool>,
    holds: Cell<bool>,
    suspended: Cell<bool>,
    watchers: RefCell<Watchers>,
    source: RefCell<Option<Source>>,
    backoff: RefCell<(Backoff, ChaCha8Rng)>,
    /// Opens the stream, or asks again whether somebody holds it.
    timer: RefCell<Option<Timeout>>,
    said_at_ms: Cell<i64>,
}

impl Relay {
    /// Begins, watching nothing. `hear` is called for each event of what this tab watches, once.
    pub(crate) fn start(
        profile: &str,
        transport: Arc<dyn Transport>,
        hear: impl Fn(SessionEvent) + 'static,
    ) -> Rc<Self> {
        let mut seed = [0; 8];
        Browser.fill_random(&mut seed);
        let rng = ChaCha8Rng::seed_from_u64(u64::from_le_bytes(seed));
        let relay = Rc::new_cyclic(|me| Self {
            profile: profile.to_owned(),
            tab: TabId::generate(&Browser),
            transport,
            hear: Box::new(hear),
            me: me.clone(),
            wants: Cell::default(),
            channel: RefCell::default(),
            lock: RefCell::default(),
            claim: Cell::default(),
            alone: Cell::default(),
            holds: Cell::default(),
            suspended: Cell::default(),
            watchers: RefCell::default(),
            source: RefCell::default(),
            backoff: RefCell::new((Backoff::default(), rng)),
            timer: RefCell::default(),
            said_at_ms: Cell::new(i64::MIN),
        });
        relay.connect();
        relay.seek();
        relay
    }

    /// From now on this tab watches this, or nothing.
    pub(crate) fn watch(&self, wanted: Option<Watched>) {
        let same = |wants: Watched| wanted.is_some_and(|wanted| wanted.session == wants.session);
        if self.wants.get().map_or(wanted.is_none(), same) {
            return;
        }
        self.wants.set(wanted);
        self.say_wants();
    }

    /// Housekeeping, every few seconds.
    pub(crate) fn tick(&self) {
        let now_ms = Browser.now_ms();
        if self.alone.get() {
            self.hold_alone();
        }
        if self.holds.get() {
            self.watchers.borrow_mut().forget_silent(now_ms);
        }
        let said_ago_ms = now_ms.saturating_sub(self.said_at_ms.get());
        if self.wants.get().is_some() && !(0..SAY_AGAIN_MS).contains(&said_ago_ms) {
            self.say_wants();
        }
    }

    /// The network is back, or the person looks at the page.
    pub(crate) fn wake(&self) {
        if self.alone.get() {
            self.hold_alone();
        }
        if self.holds.get() && self.source.borrow().is_none() {
            self.open_after(0);
        } else {
            self.say_wants();
        }
    }

    /// The network is gone.
    pub(crate) fn lose_network(&self) {
        if self.source.borrow_mut().take().is_some() {
            self.open_later();
        }
    }

    /// The browser puts the page away: an open stream, a held lock or an open channel would keep it from being kept.
    pub(crate) fn suspend(&self) {
        if self.suspended.replace(true) {
            return;
        }
        self.say(&Said::Leave { tab: self.tab });
        self.let_go();
        self.claim.set(self.claim.get() + 1);
        let lock = self.lock.borrow_mut().take();
        drop(lock);
        self.channel.borrow_mut().take();
    }

    /// The page is back.
    pub(crate) fn resume(&self) {
        if self.suspended.replace(false) {
            self.connect();
            self.seek();
            self.say_wants();
        }
    }

    fn connect(&self) {
        if has_no_channel() {
            return;
        }
        let me = self.me.clone();
        let name = format!("holdfast.events.{}", self.profile);
        let channel = Broadcast::open(&name, move |data| {
            let said = data.as_string().and_then(|text| serde_json::from_str(&text).ok());
            if let (Some(relay), Some(said)) = (me.upgrade(), said) {
                relay.listen(said);
            }
        });
        *self.channel.borrow_mut() = channel;
    }

    fn say(&self, said: &Said) {
        let Ok(text) = serde_json::to_string(said) else { return };
        if let Some(channel) = &*self.channel.borrow() {
            channel.send(&text.into());
        }
    }

    fn listen(&self, said: Said) {
        if is_dead() || self.suspended.get() {
            return;
        }
        match said {
            Said::Watch { tab, watched } if self.holds.get() => {
                self.say(&Said::Holding);
                self.admit(tab, watched);
            }
            Said::Leave { tab } => self.watchers.borrow_mut().leave(tab),
            Said::Held => self.say_wants(),
            Said::Holding if !self.holds.get() => drop(self.timer.borrow_mut().take()),
            Said::Event(event) => {
                if !self.holds.get() {
                    self.timer.borrow_mut().take();
                }
                self.take_in(event);
            }
            Said::Watch { .. } | Said::Holding => {}
        }
    }

    /// Says what this tab watches to whoever holds the stream. Does nobody answer, this one takes it.
    fn say_wants(&self) {
        self.said_at_ms.set(Browser.now_ms());
        if self.suspended.get() {
            return;
        }
        let Some(watched) = self.wants.get() else {
            self.say(&Said::Leave { tab: self.tab });
            self.watchers.borrow_mut().leave(self.tab);
            if self.holds.get() {
                self.open_after(GATHER_MS);
            }
            return;
        };
        if self.holds.get() {
            return self.admit(self.tab, watched);
        }
        self.say(&Said::Watch { tab: self.tab, watched });
        if is_visible() && !self.alone.get() {
            self.after(HOLDER_WAIT_MS, |relay| {
                if !relay.holds.get() && is_visible() {
                    relay.claim(LockRequest::Steal);
                }
            });
        }
    }

    /// Has a tab hear what it watches.
    fn admit(&self, tab: TabId, watched: Watched) {
        let need = self.watchers.borrow_mut().watch(tab, watched, Browser.now_ms());
        match need {
            Need::Stream => self.open_after(GATHER_MS),
            Need::Hear(cursor) => {
                let (session, at_ms) = (watched.session, Browser.now_ms());
                self.tell(SessionEvent { session, cursor, at_ms, kind: EventKind::Opened });
            }
            Need::Nothing => {}
        }
    }

    /// Something happened: for this tab and the others.
    fn tell(&self, event: SessionEvent) {
        self.say(&Said::Event(event.clone()));
        self.take_in(event);
    }

    /// Something happened that this tab perhaps watches, and perhaps has heard of.
    fn take_in(&self, event: SessionEvent) {
        let Some(mut wants) = self.wants.get().filter(|wants| wants.session == event.session)
        else {
            return;
        };
        if let EventKind::Ended { .. } = event.kind {
            self.wants.set(None);
        } else {
            let begins = matches!(event.kind, EventKind::Opened | EventKind::Gap);
            if !begins && wants.heard.is_some_and(|heard| !is_behind(heard, event.cursor)) {
                return;
            }
            // The beginning of a stream for a tab that is behind this one is no news.
            let news = wants.heard.is_none_or(|heard| is_behind(heard, event.cursor));
            if news {
                wants.heard = Some(event.cursor);
                self.wants.set(Some(wants));
            }
        }
        (self.hear)(event);
    }

    /// Holds the stream as soon as nobody else does.
    fn seek(&self) {
        match self.channel.borrow().is_some() {
            true => self.claim(LockRequest::Wait),
            false => self.be_alone(),
        }
    }

    fn claim(&self, request: LockRequest) {
        let claim = self.claim.get() + 1;
        self.claim.set(claim);
        let current =
            move |me: &Weak<Self>| me.upgrade().filter(|relay| relay.claim.get() == claim);
        let (held, ended) = (self.me.clone(), self.me.clone());
        let lock = request_lock(
            &format!("holdfast.events.{}", self.profile),
            request,
            move || {
                if let Some(relay) = current(&held) {
                    relay.hold();
                }
            },
            move |end| {
                let Some(relay) = current(&ended) else { return };
                relay.let_go();
                match end {
                    LockEnd::Lost => relay.claim(LockRequest::Wait),
                    LockEnd::Refused => relay.be_alone(),
                }
            },
        );
        let has_locks = lock.is_some();
        let before = std::mem::replace(&mut *self.lock.borrow_mut(), lock);
        drop(before);
        if !has_locks {
            self.be_alone();
        }
    }

    fn be_alone(&self) {
        self.alone.set(true);
        self.hold_alone();
    }

    fn hold_alone(&self) {
        match (is_visible() && !self.suspended.get(), self.holds.get()) {
            (true, false) => self.hold(),
            (false, true) => self.let_go(),
            _ => {}
        }
    }

    fn hold(&self) {
        self.holds.set(true);
        if !self.alone.get() {
            self.say(&Said::Held);
        }
        if let Some(watched) = self.wants.get() {
            self.admit(self.tab, watched);
        }
    }

    fn let_go(&self) {
        self.holds.set(false);
        self.timer.borrow_mut().take();
        self.source.borrow_mut().take();
        self.watchers.borrow_mut().close();
    }

    fn open(&self) {
        if !self.holds.get() || self.suspended.get() || is_dead() {
            return;
        }
        // Closed first: two at once would be one connection more.
        self.source.borrow_mut().take();
        let wanted = self.watchers.borrow_mut().open();
        if wanted.is_empty() {
            return;
        }
        let Some(url) = self.transport.events_url(&wanted) else { return self.open_later() };
        let (told, broken) = (self.me.clone(), self.me.clone());
        let source = Source::open(
            &url,
            move |event| {
                if let Some(relay) = told.upgrade() {
                    relay.backoff.borrow_mut().0.reset();
                    relay.watchers.borrow_mut().told(&event);
                    relay.tell(event);
                }
            },
            move || {
                if let Some(relay) = broken.upgrade() {
                    relay.open_later();
                }
            },
        );
        *self.source.borrow_mut() = source;
    }

    /// It broke: opened anew after a while.
    fn open_later(&self) {
        let wait_ms = {
            let (backoff, rng) = &mut *self.backoff.borrow_mut();
            backoff.next_ms(rng)
        };
        // Not here: it may be its own listener that runs.
        self.after(0, move |relay| {
            relay.source.borrow_mut().take();
            relay.open_after(u32::try_from(wait_ms).unwrap_or(u32::MAX));
        });
    }

    fn open_after(&self, wait_ms: u32) {
        self.after(wait_ms, Self::open);
    }

    fn after(&self, wait_ms: u32, act: impl FnOnce(&Self) + 'static) {
        let me = self.me.clone();
        let timer = Timeout::new(wait_ms, move || {
            let Some(relay) = me.upgrade() else { return };
            // It has rung; what is done now may set another.
            if let Some(rung) = relay.timer.borrow_mut().take() {
                rung.forget();
            }
            act(&relay);
        });
        *self.timer.borrow_mut() = Some(timer);
    }
}
