//! The world of a run: browsers, tabs, the server, and what is under way between them.

use std::collections::BTreeMap;

use holdfast_domain::Context;
use holdfast_domain::id::{BatchId, SessionId, TabId};
use holdfast_domain::sync::{Engine, Event, PeerMessage, SaveStatus, TransportError};
use holdfast_domain::wire::{SaveReply, SaveRequest};
use uuid::Uuid;

use super::chance::Chance;
use super::counts::Counts;
use super::journal::Journal;
use super::server::Server;

pub(super) const BROWSERS: usize = 3;
pub(super) const TABS: usize = 3;
pub(super) const START_MS: i64 = 1_800_000_000_000;

/// A tab of a browser.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) browser: usize,
    pub(super) tab: TabId,
}

/// Something under way.
pub(super) enum Happening {
    /// An event reaches a tab.
    Event(Place, Event),
    Message(Place, PeerMessage),
    /// A request reaches the server; `None`: nobody waits for this copy's answer.
    Request(Option<Place>, SaveRequest),
    Reply(Place, BatchId, Result<SaveReply, TransportError>),
    /// The browser's oldest transaction completes.
    Transaction(usize),
    Lock(Place),
    /// The journal was read for what a document has beyond a state vector.
    Difference(Place, Vec<u8>),
    /// The alarm that a tab set for this moment of its clock, unless it set another one since.
    Wake(Place, i64),
    /// The renderer of a tab dies.
    Killed(Place),
}

pub(super) struct Tab {
    pub(super) context: Context,
    pub(super) engine: Engine,
    /// A frozen tab gets its events when it thaws.
    pub(super) frozen: bool,
    pub(super) backlog: Vec<Event>,
    pub(super) status: SaveStatus,
    pub(super) wake_at_ms: Option<i64>,
    /// The updates and snapshots made here, by number, and how many of them are known to be on the
    /// server and on the device.
    pub(super) made: Vec<holdfast_domain::sync::RecordBody>,
    pub(super) undoable: bool,
    pub(super) committed: usize,
    pub(super) durable: usize,
}

#[derive(Default)]
pub(super) struct Browser {
    pub(super) tabs: BTreeMap<TabId, Tab>,
    pub(super) journal: Journal,
    pub(super) lock: Option<TabId>,
    pub(super) offline: bool,
    /// Its clock is so much ahead.
    pub(super) clock_ms: i64,
}

pub(super) struct World {
    pub(super) chance: Chance,
    pub(super) counts: Counts,
    pub(super) now_ms: i64,
    pub(super) session: SessionId,
    pub(super) server: Server,
    pub(super) browsers: Vec<Browser>,
    pub(super) queue: BTreeMap<(i64, u64), Happening>,
    pub(super) numbered: u64,
    /// Of 1,000 messages so many are lost, and so many come twice.
    pub(super) lost: u32,
    pub(super) twice: u32,
    /// No more faults.
    pub(super) calm: bool,
    /// Tell what happens.
    pub(super) verbose: bool,
}

impl World {
    pub(super) fn new(seed: u64, verbose: bool) -> Self {
        let mut chance = Chance::new(seed);
        let server = Server::new(&mut chance);
        let mut browsers: Vec<_> = (0..BROWSERS).map(|_| Browser::default()).collect();
        for browser in &mut browsers {
            browser.clock_ms = chance.between(-100_000, 100_000);
        }
        Self {
            session: SessionId::from(Uuid::from_u64_pair(seed, chance.number())),
            server,
            chance,
            counts: Counts::default(),
            now_ms: START_MS,
            browsers,
            queue: BTreeMap::new(),
            numbered: 0,
            lost: 0,
            twice: 0,
            calm: false,
            verbose,
        }
    }

    pub(super) fn tell(&self, story: impl FnOnce() -> String) {
        if self.verbose {
            println!("{:>8} {}", self.now_ms - START_MS, story());
        }
    }

    pub(super) fn after(&mut self, delay_ms: i64, happening: Happening) {
        self.numbered += 1;
        self.queue.insert((self.now_ms + delay_ms, self.numbered), happening);
    }

    pub(super) fn places(&self) -> Vec<Place> {
        let tabs = |(browser, found): (usize, &Browser)| {
            found.tabs.keys().map(|tab| Place { browser, tab: *tab }).collect::<Vec<_>>()
        };
        self.browsers.iter().enumerate().flat_map(tabs).collect()
    }

    pub(super) fn tab(&mut self, place: Place) -> Option<&mut Tab> {
        self.browsers[place.browser].tabs.get_mut(&place.tab)
    }

    /// Lets time pass, and with it whatever is due.
    pub(super) fn pass(&mut self, duration_ms: i64) {
        let until_ms = self.now_ms + duration_ms;
        while let Some(entry) = self.queue.first_entry() {
            let at_ms = entry.key().0;
            if at_ms > until_ms {
                break;
            }
            let happening = entry.remove();
            self.now_ms = at_ms.max(self.now_ms);
            self.happen(happening);
        }
        self.now_ms = until_ms;
    }
}
