//! Everything works again: all have to come to the same, with all that was still anywhere.

use std::collections::{BTreeMap, HashSet};

use holdfast_domain::Context;
use holdfast_domain::id::SnapshotId;
use holdfast_domain::scan::Coverage;
use holdfast_domain::sync::{Event, RecordBody, SaveStatus, StorageTier, Urgency};
use serde_json::Value;
use yrs::StateVector;
use yrs::updates::decoder::Decode;

use super::server::Health;
use super::truth::{coverage_of, is_known};
use super::world::{BROWSERS, World};

/// Virtual time that all may take to come together.
const PATIENCE_MS: i64 = 180_000;

/// What everybody has to have in the end.
pub(super) struct Expected {
    json: Value,
    coverage: Coverage,
    /// Some change builds on one that nobody has any more.
    dangles: bool,
}

impl World {
    pub(super) fn heal(&mut self) {
        self.tell(|| "all is well from here".into());
        self.calm = true;
        self.server.health = Health::Well;
        self.server.strict = false;
        for place in self.places() {
            self.thaw_tab(place);
        }
        for browser in 0..BROWSERS {
            self.browsers[browser].offline = false;
            self.browsers[browser].journal.fails = false;
            self.set_tier(browser, StorageTier::IndexedDb);
        }
        // What is still under way, from tabs that are no more as well.
        self.pass(15_000);
        for browser in 0..BROWSERS {
            if self.browsers[browser].tabs.is_empty() {
                self.open_tab(browser);
            }
        }
        let expected = self.expected();
        self.come_together(&expected);
        self.check_log();
        for browser in 0..BROWSERS {
            self.kill_browser(browser, false);
            self.open_tab(browser);
        }
        self.come_together(&expected);
    }

    /// What is in any journal, open document or the server's log, merged.
    fn expected(&self) -> Expected {
        let mut all = Context::new(1);
        all.apply_all(self.server.log.iter().map(Vec::as_slice)).unwrap();
        for browser in &self.browsers {
            all.apply_all(browser.journal.updates()).unwrap();
            for tab in browser.tabs.values() {
                all.apply(&tab.context.encode()).unwrap();
                all.apply_all(tab.context.waiting().iter().map(Vec::as_slice)).unwrap();
            }
        }
        let dangles = !all.waiting().is_empty();
        Expected { json: all.to_json(), coverage: coverage_of(&all), dangles }
    }

    fn come_together(&mut self, expected: &Expected) {
        for place in self.places() {
            self.event(place, Event::IntervalChanged(5_000));
            self.event(place, Event::Online);
            self.event(place, Event::Visible);
            self.event(place, Event::Save(Urgency::AtOnce));
        }
        let until_ms = self.now_ms + PATIENCE_MS;
        while let Some(reason) = self.is_apart(expected) {
            assert!(self.now_ms < until_ms, "all is well and still: {reason}");
            self.pass(2_500);
        }
    }

    /// Why not all are the same yet.
    fn is_apart(&self, expected: &Expected) -> Option<String> {
        // Documents know of deletions that follow from others' insertions, a log of updates does not.
        if self.server.coverage.state_vector() != expected.coverage.state_vector() {
            return Some(format!(
                "the server has {} of {}; what it lacks is with {:?}",
                clocks(&self.server.coverage),
                clocks(&expected.coverage),
                self.holders()
            ));
        }
        for place in self.places() {
            let tab = &self.browsers[place.browser].tabs[&place.tab];
            let missing = |code: &str| expected.dangles && code == "missing_dependency";
            match &tab.status {
                SaveStatus::Saved { .. } => {}
                SaveStatus::NotSaved { code, .. } if missing(code) => {}
                status => return Some(format!("{place:?} shows {status:?}")),
            }
            if coverage_of(&tab.context) != expected.coverage {
                let here = coverage_of(&tab.context);
                let rows = self.server.log.iter().enumerate();
                let lacks = rows.filter(|(_, update)| !is_known(&here, update));
                let lacks: Vec<_> = lacks.map(|(index, _)| index).collect();
                return Some(format!(
                    "{place:?} lacks rows {lacks:?} of the server's log, which lacks what {:?} have",
                    self.holders()
                ));
            }
            if tab.context.to_json() != expected.json {
                let (here, wanted) = (tab.context.to_json(), &expected.json);
                return Some(format!("{place:?} reads {here} and not {wanted}"));
            }
        }
        if let Some(lost) = self.lost_snapshot() {
            return Some(format!("the snapshot {lost:?} is not on the server"));
        }
        let mut served = Context::new(1);
        served.apply_all(self.server.log.iter().map(Vec::as_slice)).unwrap();
        let same = coverage_of(&served) == expected.coverage && served.to_json() == expected.json;
        (!same).then(|| "the server's log reads otherwise".into())
    }

    /// Tabs and journals that have something the server has not.
    fn holders(&self) -> Vec<String> {
        let mut holders = Vec::new();
        let lacks = |update: &[u8]| !is_known(&self.server.coverage, update);
        for (browser, found) in self.browsers.iter().enumerate() {
            if found.journal.updates().any(lacks) {
                holders.push(format!("journal {browser}"));
            }
            let tabs = found.tabs.iter().filter(|(_, tab)| lacks(&tab.context.encode()));
            holders.extend(tabs.map(|(tab, found)| {
                let (leads, has) = (found.engine.leads(), clocks(&coverage_of(&found.context)));
                format!("{browser} {tab} leads {leads} {:?} {has}", found.status)
            }));
        }
        holders
    }

    fn check_log(&self) {
        let different: HashSet<_> = self.server.log.iter().collect();
        assert_eq!(different.len(), self.server.log.len(), "an update is in the log twice");
    }

    /// One that was asked for and journaled, or is still known to its tab.
    fn lost_snapshot(&self) -> Option<SnapshotId> {
        // Which a server that came back from an older copy may have lost.
        if self.counts.of("server restored from an older copy") > 0
            || self.counts.of("session forgotten by the server") > 0
        {
            return None;
        }
        let journaled = self.browsers.iter().flat_map(|browser| browser.journal.written.values());
        let made = self.browsers.iter().flat_map(|browser| browser.tabs.values());
        let made = made.flat_map(|tab| &tab.made);
        let bodies = journaled.map(|record| &record.body).chain(made);
        let ids = bodies.filter_map(|body| match body {
            RecordBody::Snapshot(request) => Some(request.id),
            RecordBody::Update(_) => None,
        });
        ids.into_iter().find(|id| !self.server.snapshots.contains_key(id))
    }
}

/// Each writer's clock.
fn clocks(coverage: &Coverage) -> String {
    let vector = StateVector::decode_v1(&coverage.state_vector()).unwrap();
    let clocks: BTreeMap<_, _> =
        vector.iter().map(|(client, clock)| (client.to_string(), *clock)).collect();
    format!("{clocks:?}")
}
