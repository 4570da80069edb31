//! Tabs that open, close, die and freeze, and whole browsers.

use holdfast_domain::Context;
use holdfast_domain::session::SessionMeta;
use holdfast_domain::sync::{
    Engine, EngineOptions, Event, JournalState, PeerMessage, SaveStatus, StorageTier, Urgency,
};

use super::world::{Happening, Place, TABS, Tab, World};

impl World {
    pub(super) fn meta(&self) -> SessionMeta {
        SessionMeta { name: "Trip".into(), created_at_ms: 1_800_000_000_000 }
    }

    pub(super) fn open_tab(&mut self, browser: usize) {
        if self.browsers[browser].tabs.len() >= TABS {
            return;
        }
        self.counts.note("tab opened");
        let place = Place { browser, tab: self.chance.tab() };
        self.tell(|| format!("open {place:?}"));
        let mut context = Context::new(self.chance.number() >> 11);
        let journal = &self.browsers[browser].journal;
        let tier = journal.tier;
        let mut state = JournalState::default();
        // Where there is only memory, no journal can be read.
        if tier != StorageTier::Memory {
            state = journal.state();
            context.apply_all(journal.updates()).expect("what was journaled applies");
            self.check_comes_back(browser, &context);
            state.waits = !context.waiting().is_empty();
        }
        let engine = Engine::new(EngineOptions {
            session: self.session,
            tab: place.tab,
            autosave_interval_ms: *self.chance.pick(&[5_000, 30_000, 30_000, 60_000]),
            seed: self.chance.number(),
            create: Some(self.meta()),
        });
        let tab = Tab {
            context,
            engine,
            frozen: false,
            backlog: Vec::new(),
            status: SaveStatus::Saved { at_ms: None },
            wake_at_ms: None,
            made: Vec::new(),
            undoable: false,
            committed: 0,
            durable: 0,
        };
        self.browsers[browser].tabs.insert(place.tab, tab);
        self.event(place, Event::Opened { journal: state, tier });
        self.grant_lock(browser);
    }

    /// The lock goes to some tab where nobody holds it.
    pub(super) fn grant_lock(&mut self, browser: usize) {
        let found = &mut self.browsers[browser];
        if found.lock.is_some_and(|tab| found.tabs.contains_key(&tab)) {
            return;
        }
        let tabs: Vec<_> = found.tabs.keys().copied().collect();
        found.lock = None;
        if !tabs.is_empty() {
            let tab = *self.chance.pick(&tabs);
            self.browsers[browser].lock = Some(tab);
            let delay_ms = self.chance.between(1, 900);
            self.after(delay_ms, Happening::Lock(Place { browser, tab }));
        }
    }

    /// Closes a tab as a person does.
    pub(super) fn close_tab(&mut self, place: Place) {
        self.counts.note("tab closed");
        self.tell(|| format!("close {place:?}"));
        self.event(place, Event::Hidden);
        if self.chance.one_in(2) {
            self.event(place, Event::Save(Urgency::Leaving));
        }
        let siblings: Vec<_> = self.browsers[place.browser].tabs.keys().copied().collect();
        for tab in siblings.into_iter().filter(|tab| *tab != place.tab) {
            let sibling = Place { tab, ..place };
            self.after(2, Happening::Message(sibling, PeerMessage::Bye { tab: place.tab }));
        }
        self.remove_tab(place);
    }

    /// The renderer dies; transactions that were handed over still complete.
    pub(super) fn kill_tab(&mut self, place: Place) {
        self.counts.note("tab killed");
        self.tell(|| format!("kill {place:?}"));
        self.remove_tab(place);
    }

    fn remove_tab(&mut self, place: Place) {
        self.browsers[place.browser].tabs.remove(&place.tab);
        if self.browsers[place.browser].journal.lose_page(place.tab) {
            self.counts.note("settlement broken off");
        }
        self.grant_lock(place.browser);
    }

    /// The whole browser dies, and what was not on its disk with it.
    pub(super) fn kill_browser(&mut self, browser: usize, lose_journal: bool) {
        self.counts.note("browser killed");
        self.tell(|| format!("kill browser {browser}, journal lost {lose_journal}"));
        let found = &mut self.browsers[browser];
        found.tabs.clear();
        found.lock = None;
        if !found.journal.queue.is_empty() {
            self.counts.note("transactions lost");
        }
        found.journal.queue.clear();
        // The store starts anew with the browser.
        found.journal.fails = false;
        found.journal.tier = StorageTier::IndexedDb;
        if lose_journal {
            self.counts.note("journal lost");
            found.journal.lose();
        }
    }

    pub(super) fn freeze_tab(&mut self, place: Place) {
        let Some(tab) = self.tab(place) else { return };
        tab.frozen = true;
        let leads = tab.engine.leads();
        self.tell(|| format!("freeze {place:?}"));
        self.counts.note(if leads { "leader frozen" } else { "tab frozen" });
    }

    pub(super) fn thaw_tab(&mut self, place: Place) {
        let Some(tab) = self.tab(place) else { return };
        tab.frozen = false;
        self.tell(|| format!("thaw {place:?}"));
        let tab = self.tab(place).unwrap();
        for event in std::mem::take(&mut tab.backlog) {
            self.event(place, event);
        }
        self.event(place, Event::Tick);
    }
}
