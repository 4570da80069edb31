//! What the stores hold of a session, counted.

use holdfast_domain::id::SessionId;
use holdfast_domain::sync::JournalRecord;
use holdfast_domain::wire;

use super::{Journal, READING_MS};
use crate::developer::{Kept, Waiting};

impl Journal {
    /// Of every store, the best one first. Nothing is moved, and the journal stays where it is.
    pub(crate) async fn inspect(&self, session: SessionId) -> Vec<Kept> {
        let mut all = Vec::new();
        for store in &self.stores {
            let raw = self.answered(store.load(session), READING_MS).await;
            let answered = raw.is_ok();
            let raw = raw.unwrap_or_default();
            let sizes = |values: &[(String, Vec<u8>)]| {
                (values.len(), values.iter().map(|(_, bytes)| bytes.len()).sum())
            };
            let records =
                raw.records.iter().filter_map(|bytes| wire::open::<JournalRecord>(bytes).ok());
            let mut waiting: Vec<Waiting> = records.map(|record| waiting(&record)).collect();
            waiting.sort_by_key(|of| (of.at_ms, of.number));
            all.push(Kept {
                tier: store.tier(),
                answered,
                bases: sizes(&raw.bases),
                saved: sizes(&raw.saved),
                waiting,
            });
        }
        all
    }
}

fn waiting(record: &JournalRecord) -> Waiting {
    Waiting {
        tab: record.id.tab,
        number: record.id.number,
        at_ms: record.at_ms,
        is_snapshot: record.update().is_none(),
        bytes: record.update().map_or(0, <[u8]>::len),
    }
}
