//! What must hold at every moment.

use holdfast_domain::Context;
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::{Coverage, Relation, scan};
use holdfast_domain::sync::{RecordBody, RecordId, SaveStatus};

use super::world::{Place, World};

impl World {
    /// The indicator says nothing that is not so (CTX-7).
    pub(super) fn check_truth(&mut self, place: Place) {
        let browser = &mut self.browsers[place.browser];
        let Some(tab) = browser.tabs.get_mut(&place.tab) else { return };
        assert_eq!(tab.status, tab.engine.status(), "what is shown is what is");
        let server = &self.server;
        let committed = |body: &RecordBody| match body {
            RecordBody::Update(update) => is_known(&server.ever, update),
            RecordBody::Snapshot(request) => server.ever_snapshots.contains_key(&request.id),
        };
        match tab.status {
            SaveStatus::Saved { .. } | SaveStatus::Offline { at_ms: None, .. } => {
                for body in &tab.made[tab.committed..] {
                    assert!(committed(body), "{place:?} says saved, and {body:?} is not");
                }
                tab.committed = tab.made.len();
            }
            SaveStatus::OnDevice { .. } | SaveStatus::Offline { .. } => {
                for (index, body) in tab.made.iter().enumerate().skip(tab.durable) {
                    let id = RecordId { tab: place.tab, number: index as u64 + 1 };
                    let on_device = browser.journal.written.contains_key(&id);
                    assert!(
                        on_device || committed(body),
                        "{place:?} says on this device, and record {id:?} is not"
                    );
                }
                tab.durable = tab.made.len();
            }
            SaveStatus::Saving { .. } | SaveStatus::NotSaved { .. } => {}
        }
    }

    /// What an engine takes as acknowledged was committed (SYNC-1).
    pub(super) fn check_acked(&mut self, browser: usize, acked: &[RecordId]) {
        for id in acked {
            let written = self.browsers[browser].journal.written.get(id);
            let body = written.map(|record| &record.body).or_else(|| {
                let tab = self.browsers[browser].tabs.get(&id.tab)?;
                tab.made.get(usize::try_from(id.number).unwrap() - 1)
            });
            match body {
                Some(RecordBody::Update(update)) => {
                    assert!(is_known(&self.server.ever, update), "{id:?} was never committed");
                }
                Some(RecordBody::Snapshot(request)) => {
                    assert!(self.server.ever_snapshots.contains_key(&request.id));
                }
                None => {}
            }
        }
    }

    /// A document that is built from a journal has all that was written to it, and the server's
    /// log up to the journal's position (CTX-2, CTX-8).
    pub(super) fn check_comes_back(&mut self, browser: usize, context: &Context) {
        let journal = &self.browsers[browser].journal;
        let here = coverage_of(context);
        for record in journal.written.values() {
            let RecordBody::Update(update) = &record.body else { continue };
            if is_known(&here, update) {
                continue;
            }
            assert!(context.waiting().contains(update), "{:?} did not come back", record.id);
            // It may build on what only the server has, because the store refused that.
            let mut online = Context::new(1);
            let served = self.server.ever_log.iter().map(Vec::as_slice);
            online.apply_all(served.chain(journal.updates())).unwrap();
            if is_known(&coverage_of(&online), update) {
                self.counts.note("comes back with the server");
                continue;
            }
            // Or on one that died with its tab before it could be written.
            assert!(journal.may_dangle(record.id), "{:?} does not come back", record.id);
            self.counts.note("waits for a lost one");
        }
        let Some(position) = journal.position else { return };
        if position.incarnation != self.server.incarnation {
            return;
        }
        let seq = usize::try_from(position.seq).unwrap();
        for (index, update) in self.server.log.iter().take(seq).enumerate() {
            assert!(
                is_known(&here, update),
                "row {index} of the log is not in the journal, which says it has {seq}: {update:?}"
            );
        }
    }
}

pub(super) fn is_known(coverage: &Coverage, update: &[u8]) -> bool {
    coverage.relation(&scan(update, CONTEXT_BYTES).unwrap()) == Relation::Known
}

pub(super) fn coverage_of(context: &Context) -> Coverage {
    let mut coverage = Coverage::default();
    coverage.add(&scan(&context.encode(), CONTEXT_BYTES).unwrap());
    coverage
}
