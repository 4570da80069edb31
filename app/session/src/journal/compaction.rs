//! Many saved updates into one base.

use holdfast_domain::scan::{Coverage, Relation, scan_taken};
use holdfast_domain::wire::{self, WireBytes};

use super::reading::read;
use super::{Loaded, Names, Raw};

/// Fewer saved updates than this are not worth a new base.
const FEWEST: usize = 200;
/// So many are, however large the base is.
const MOST: usize = 2_000;

/// Whether a new base is worth its writing: reading stays cheap, and a large base is not written
/// anew for every few characters.
pub(super) fn is_worth_it(raw: &Raw) -> bool {
    let bytes = |of: &[(String, Vec<u8>)]| of.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
    raw.bases.len() > 1
        || raw.saved.len() >= MOST
        || (raw.saved.len() >= FEWEST && bytes(&raw.saved).saturating_mul(4) >= bytes(&raw.bases))
}

/// The new base, sealed, and what it replaces: only what it is seen to contain. Pending records help
/// to read it and stay.
pub(super) fn compacted(raw: &Raw) -> Option<(Vec<u8>, Names)> {
    let loaded = Loaded::read(std::slice::from_ref(raw));
    // What is damaged is not in the base, so it is not deleted below.
    let base = read(loaded.all_updates()).encode();
    let mut coverage = Coverage::default();
    coverage.add(&scan_taken(&base).ok()?);
    let contained = |(name, bytes): &(String, Vec<u8>)| {
        let WireBytes(update) = wire::open(bytes).ok()?;
        let scan = scan_taken(&update).ok()?;
        (coverage.relation(&scan) == Relation::Known).then(|| name.clone())
    };
    let read = Names {
        bases: raw.bases.iter().filter_map(contained).collect(),
        saved: raw.saved.iter().filter_map(contained).collect(),
    };
    Some((wire::seal(&WireBytes(base)), read))
}

#[cfg(test)]
mod tests {
    use holdfast_domain::context::Context;
    use holdfast_domain::id::TabId;
    use holdfast_domain::sync::{JournalRecord, RecordBody, RecordId};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn sealed(update: &[u8]) -> Vec<u8> {
        wire::seal(&WireBytes(update.to_vec()))
    }

    #[test]
    fn ctx_4_a_base_replaces_what_it_contains_and_nothing_else() {
        let mut context = Context::new(1);
        let first = context.patch(&json!({"a": 1})).unwrap().concat();
        let second = context.patch(&json!({"b": 2})).unwrap().concat();
        let lost = context.patch(&json!({"a": 3})).unwrap().concat();
        let third = context.patch(&json!({"a": 4})).unwrap().concat();
        assert!(!lost.is_empty());
        let raw = Raw {
            bases: vec![("base".into(), sealed(&first))],
            saved: vec![
                ("second".into(), sealed(&second)),
                // Builds on `lost`, which is not here: it must stay.
                ("third".into(), sealed(&third)),
                ("damaged".into(), b"HF\x01\x00\xff".to_vec()),
            ],
            ..Raw::default()
        };
        let (base, read) = compacted(&raw).unwrap();
        assert_eq!(read, Names { bases: vec!["base".into()], saved: vec!["second".into()] });
        let WireBytes(base) = wire::open(&base).unwrap();
        let mut again = Context::new(2);
        again.apply(&base).unwrap();
        assert_eq!(again.to_json(), json!({"a": 1, "b": 2}));
    }

    #[test]
    fn ctx_4_pending_records_are_read_but_stay_pending() {
        let mut context = Context::new(1);
        let pending = context.patch(&json!({"a": 1})).unwrap().concat();
        let saved = context.patch(&json!({"b": 2})).unwrap().concat();
        let record = JournalRecord {
            id: RecordId { tab: TabId::from(Uuid::nil()), number: 1 },
            at_ms: 0,
            body: RecordBody::Update(pending),
        };
        let raw = Raw {
            saved: vec![("saved".into(), sealed(&saved))],
            records: vec![wire::seal(&record)],
            ..Raw::default()
        };
        let (_, read) = compacted(&raw).unwrap();
        assert_eq!(read.saved, vec!["saved".to_owned()]);
    }
}
