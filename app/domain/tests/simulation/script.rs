//! What persons, programs, networks and disks do in a run.

use holdfast_domain::sync::{Event, StorageTier, Urgency};

use super::server::Health;
use super::world::{BROWSERS, Happening, Place, World};

impl World {
    /// A run's chaos, after which everything has to come together.
    pub(super) fn live(&mut self) {
        self.lost = *self.chance.pick(&[0, 20, 100, 250]);
        self.twice = *self.chance.pick(&[0, 50, 200]);
        self.open_tab(0);
        self.pass(2_000);
        for _ in 0..self.chance.between(60, 160) {
            let pause_ms = match self.chance.below(100) {
                0..55 => self.chance.between(0, 30),
                55..85 => self.chance.between(30, 1_500),
                85..97 => self.chance.between(1_500, 8_000),
                _ => self.chance.between(8_000, 45_000),
            };
            self.pass(pause_ms);
            self.act();
        }
    }

    fn act(&mut self) {
        let browser = self.chance.below(BROWSERS);
        let places = self.places();
        if places.is_empty() || self.chance.one_in(25) {
            return self.open_tab(browser);
        }
        let place = *self.chance.pick(&places);
        match self.chance.below(1_000) {
            0..600 => self.edit_some(place),
            600..640 => self.open_tab(browser),
            640..655 => self.close_tab(place),
            655..675 => self.kill_tab(place),
            675..685 => {
                let lose = self.chance.one_in(6);
                self.kill_browser(browser, lose);
            }
            685..710 => self.freeze_tab(place),
            710..745 => self.thaw_tab(place),
            745..765 => self.event(place, Event::Hidden),
            765..785 => self.event(place, Event::Visible),
            785..800 => self.event(place, Event::Save(Urgency::AtOnce)),
            800..830 => self.toggle_network(browser),
            830..870 => self.toggle_disk(browser),
            870..885 => self.change_tier(browser),
            885..900 => self.turn_clock(browser),
            900..960 => self.toggle_server(),
            960..970 => self.copy_server(),
            970..978 => self.restore_server(),
            978..981 => self.forget_session(),
            981..985 => self.server.strict = !self.server.strict,
            985..990 => {
                self.counts.note("other build");
                self.event(place, Event::OtherBuild);
            }
            _ => self.event(place, Event::IntervalChanged(5_000)),
        }
    }

    /// One edit, or a burst of typing.
    fn edit_some(&mut self, place: Place) {
        let edits = if self.chance.one_in(6) { self.chance.between(2, 8) } else { 1 };
        for _ in 0..edits {
            self.edit(place);
        }
    }

    fn toggle_network(&mut self, browser: usize) {
        let offline = !self.browsers[browser].offline;
        self.browsers[browser].offline = offline;
        self.tell(|| format!("browser {browser} offline {offline}"));
        self.counts.note(if offline { "partition" } else { "partition healed" });
        // The browser does not always know.
        if self.chance.one_in(2) {
            let event = if offline { Event::Offline } else { Event::Online };
            self.all_tabs(browser, &event);
        }
    }

    fn toggle_disk(&mut self, browser: usize) {
        let fails = &mut self.browsers[browser].journal.fails;
        *fails = !*fails;
        let fails = *fails;
        self.tell(|| format!("disk of {browser} fails {fails}"));
        self.counts.note(if fails { "disk fails" } else { "disk works" });
    }

    fn change_tier(&mut self, browser: usize) {
        let tier = *self.chance.pick(&[
            StorageTier::IndexedDb,
            StorageTier::IndexedDb,
            StorageTier::LocalStorage,
            StorageTier::Memory,
        ]);
        self.set_tier(browser, tier);
    }

    pub(super) fn set_tier(&mut self, browser: usize, tier: StorageTier) {
        let journal = &mut self.browsers[browser].journal;
        let before = std::mem::replace(&mut journal.tier, tier);
        if before == tier {
            return;
        }
        self.tell(|| format!("browser {browser} keeps its journal in {tier:?}"));
        self.counts.note("tier changed");
        self.all_tabs(browser, &Event::TierChanged(tier));
        if before == StorageTier::Memory {
            self.merge_journal(browser);
        }
    }

    /// The store works again: what it held is merged into every document.
    fn merge_journal(&mut self, browser: usize) {
        let found = &mut self.browsers[browser];
        for tab in found.tabs.values_mut() {
            tab.context.apply_all(found.journal.updates()).unwrap();
        }
        if let Some(tab) = found.lock {
            self.after(2, Happening::Lock(Place { browser, tab }));
        }
        self.all_tabs(browser, &Event::Merged);
    }

    fn turn_clock(&mut self, browser: usize) {
        self.counts.note("clock turned");
        self.browsers[browser].clock_ms += self.chance.between(-3_600_000, 3_600_000);
        self.all_tabs(browser, &Event::Tick);
    }

    fn toggle_server(&mut self) {
        let well = self.server.health == Health::Well;
        self.server.health = match self.chance.below(6) {
            _ if !well => Health::Well,
            0 => Health::Full,
            1 => Health::Busy,
            2 => Health::Unavailable,
            3 => Health::Portal,
            _ => Health::Down,
        };
        self.tell(|| format!("server well {}", !well));
        self.counts.note(if well { "server ill" } else { "server well" });
    }

    fn copy_server(&mut self) {
        self.counts.note("server copied");
        let length = self.server.log.len();
        self.server.copies.push(length);
    }

    fn restore_server(&mut self) {
        let length = *self.chance.pick(&self.server.copies);
        if length == 0 {
            return;
        }
        self.counts.note("server restored from an older copy");
        self.tell(|| format!("server restored to {length} of {}", self.server.log.len()));
        self.server.restore(length, &mut self.chance);
    }

    fn forget_session(&mut self) {
        self.counts.note("session forgotten by the server");
        self.tell(|| "server forgets the session".into());
        self.server.restore(0, &mut self.chance);
    }

    pub(super) fn all_tabs(&mut self, browser: usize, event: &Event) {
        let tabs: Vec<_> = self.browsers[browser].tabs.keys().copied().collect();
        for tab in tabs {
            self.event(Place { browser, tab }, event.clone());
        }
    }
}
