//! Notes what each transaction does to the document, whoever makes it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yrs::types::Delta;
use yrs::{Any, Doc, IdSet, Map, MapRef, Observable, Out, ReadTxn, TextRef, Transact};

use super::schema::{text_name, text_path};
use super::{Changes, Context, Path, TextEdit, utf16};
use crate::scan::{Scan, TEXT_PREFIX};

/// Under this name the document knows our observers.
const OBSERVER: &str = "holdfast";

/// What happened since it was last taken.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// Keys of the map that were written or deleted.
    keys: BTreeSet<String>,
    /// Of all transactions, in order.
    texts: BTreeMap<Path, Vec<TextEdit>>,
    /// What was inserted and deleted, including what a merge deleted by itself.
    scan: Scan,
    /// Whether the next transactions' updates are wanted.
    pub(super) record: bool,
    pub(super) updates: Vec<Vec<u8>>,
}

/// Locks; a panic elsewhere does not make what was noted wrong.
pub(super) fn lock(observed: &Mutex<Observed>) -> MutexGuard<'_, Observed> {
    observed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts to observe a new document.
pub(super) fn observe(doc: &Doc, map: &MapRef) -> Arc<Mutex<Observed>> {
    let observed = Arc::new(Mutex::new(Observed::default()));
    let to = Arc::clone(&observed);
    map.observe(OBSERVER, move |txn, event| {
        lock(&to).keys.extend(event.keys(txn).keys().map(ToString::to_string));
    });
    let to = Arc::clone(&observed);
    // Fails only where a transaction is open, and nobody else has this document yet.
    let _ = doc.observe_after_transaction(OBSERVER, move |txn| {
        let mut observed = lock(&to);
        note(&mut observed.scan.inserts, txn.insert_set());
        note(&mut observed.scan.deletes, txn.delete_set());
        if observed.record && txn.has_changes() {
            observed.updates.push(txn.encode_update_v1());
        }
    });
    observed
}

fn note(noted: &mut BTreeMap<u64, Vec<(u32, u32)>>, set: &IdSet) {
    for (client, ranges) in set.iter() {
        let ranges = ranges.iter().map(|range| (range.start, range.end));
        noted.entry(client.get()).or_default().extend(ranges);
    }
}

fn edits(delta: &[Delta]) -> Vec<TextEdit> {
    let mut at = 0;
    let mut edits: Vec<TextEdit> = Vec::new();
    for part in delta {
        let (delete, insert) = match part {
            Delta::Retain(units, _) => {
                at += units;
                continue;
            }
            Delta::Deleted(units) => (*units, ""),
            Delta::Inserted(Out::Any(Any::String(text)), _) => (0, &**text),
            Delta::Inserted(..) => continue,
        };
        match edits.last_mut() {
            // A replacement is one edit.
            Some(last) if last.at + utf16::len(&last.insert) == at => {
                last.delete += delete;
                last.insert.push_str(insert);
            }
            _ => edits.push(TextEdit { at, delete, insert: insert.into() }),
        }
        at += utf16::len(insert);
    }
    edits
}

impl Context {
    /// The text at a path, which from now on is observed; its root type is made where it is not yet
    /// there, which by itself is no change.
    pub(super) fn open_text(&mut self, path: &Path) -> TextRef {
        if let Some(text) = self.texts.get(path) {
            return text.clone();
        }
        let text = self.doc.get_or_insert_text(text_name(path));
        let to = Arc::clone(&self.observed);
        let observed_path = path.clone();
        text.observe(OBSERVER, move |txn, event| {
            let edits = edits(event.delta(txn));
            lock(&to).texts.entry(observed_path.clone()).or_default().extend(edits);
        });
        self.undo.cover(&self.doc, &text);
        self.texts.insert(path.clone(), text.clone());
        text
    }

    fn is_open(&self, name: &str) -> bool {
        name.strip_prefix(TEXT_PREFIX).is_none_or(|path| self.texts.contains_key(path))
    }

    /// After a transaction that came from elsewhere: the root texts it made.
    fn find_new_texts(&mut self) -> Vec<(Path, Vec<TextEdit>)> {
        let found: Vec<Path> = {
            let txn = self.doc.transact();
            let names = txn.root_refs().map(|(name, _)| name);
            names.filter(|name| !self.is_open(name)).filter_map(text_path).collect()
        };
        let open = |path: Path| {
            self.open_text(&path);
            let edit = TextEdit { insert: self.characters(&path), ..TextEdit::default() };
            (path, vec![edit])
        };
        found.into_iter().map(open).collect()
    }

    /// Brings what is kept beside the document up to date; what changed, and the updates where they
    /// were wanted.
    pub(super) fn settle(&mut self, foreign: bool) -> (Changes, Vec<Vec<u8>>) {
        let observed = std::mem::take(&mut *lock(&self.observed));
        let mut changed = BTreeSet::new();
        for key in observed.keys {
            let Ok(path) = key.parse::<Path>() else { continue };
            let present = match self.map.get(&self.doc.transact(), &key) {
                Some(Out::Any(value)) => !matches!(value, Any::Undefined | Any::Buffer(_)),
                _ => false,
            };
            if present {
                self.keys.insert(path.clone());
            } else {
                self.keys.remove(&path);
            }
            changed.insert(path);
        }
        let mut texts = observed.texts;
        if foreign {
            texts.extend(self.find_new_texts());
        }
        texts.retain(|_, edits| edits.iter().any(|edit| *edit != TextEdit::default()));
        changed.extend(texts.keys().cloned());
        self.coverage.add(&observed.scan);
        let (paths, texts) = (changed.into_iter().collect(), texts.into_iter().collect());
        (Changes { paths, texts }, observed.updates)
    }
}
