//! What the indicator says (CTX-7).

use std::collections::BTreeSet;

use super::pending::{Waiting, in_order};
use super::{Engine, SaveStatus, StorageTier};
use crate::sync::{Effect, JournalRecord};
use crate::wire::WireError;

/// What one tab says reaches all others within that time, or a tab is so slow that it reads the journal again.
const ON_THE_WAY_MS: i64 = 10_000;
/// So much may be on the way: a tab that has just read a long journal has heard of all of it just now.
const ON_THE_WAY_BYTES: usize = 64 * 1024;

impl Engine {
    /// Whether everything is on the server or in a journal that outlives the page.
    pub fn keeps_all(&self) -> bool {
        self.unkept_ones().next().is_none()
    }

    /// What is neither on the server nor in a journal that outlives the page, in the order of its making.
    pub fn unkept(&self) -> Vec<JournalRecord> {
        in_order(self.unkept_ones()).into_iter().cloned().collect()
    }

    /// What is not on the server and perhaps not known to a sibling either, in the order of its making: all that is in
    /// no journal, and the newest of what was heard of so recently that the one who made it may be heard later elsewhere.
    pub(super) fn untold(&self) -> Vec<JournalRecord> {
        let unkept: BTreeSet<_> = self.unkept_ones().map(|waiting| waiting.record.id).collect();
        let since_ms = self.now_ms.saturating_sub(ON_THE_WAY_MS);
        let untold = self
            .pending
            .all()
            .filter(|waiting| waiting.since_ms >= since_ms || unkept.contains(&waiting.record.id));
        let mut bytes: usize = 0;
        let mut newest = |record: &JournalRecord| {
            bytes = bytes.saturating_add(record.update().map_or(0, <[u8]>::len));
            bytes <= ON_THE_WAY_BYTES
        };
        let untold = in_order(untold).into_iter().rev();
        let mut untold: Vec<JournalRecord> = untold
            .filter(|record| unkept.contains(&record.id) || newest(record))
            .cloned()
            .collect();
        untold.reverse();
        untold
    }

    fn unkept_ones(&self) -> impl Iterator<Item = &Waiting> {
        let ones: Box<dyn Iterator<Item = &Waiting>> = match self.tier {
            // Nothing outlives the page.
            StorageTier::Memory => Box::new(self.pending.all()),
            _ => Box::new(self.pending.outside()),
        };
        ones
    }

    /// What the indicator shows.
    pub fn status(&self) -> SaveStatus {
        let waiting = u32::try_from(self.pending.len()).unwrap_or(u32::MAX);
        if !self.keeps_all() {
            return match self.tier {
                StorageTier::Memory => NotJournaled::NoStore.status(waiting),
                _ if self.journal.failed => NotJournaled::Refused.status(waiting),
                _ => SaveStatus::Saving { waiting },
            };
        }
        let unsaved = waiting > 0 || self.owes_acknowledged();
        match (unsaved, self.problem()) {
            (true, Some(problem)) => refused(waiting, &problem),
            (true, None) if self.link.unreachable => {
                SaveStatus::Offline { waiting, at_ms: Some(self.journaled_at_ms()) }
            }
            (true, None) => SaveStatus::OnDevice { waiting, at_ms: self.journaled_at_ms() },
            (false, _) if self.link.unreachable => SaveStatus::Offline { waiting, at_ms: None },
            (false, _) => SaveStatus::Saved { at_ms: self.link.saved_at_ms },
        }
    }

    fn journaled_at_ms(&self) -> i64 {
        self.journal.journaled_at_ms.unwrap_or(self.now_ms)
    }

    pub(super) fn show(&mut self) {
        let status = self.status();
        if self.shown.as_ref() != Some(&status) {
            self.shown = Some(status.clone());
            self.emit(Effect::Show(status));
        }
    }
}

/// Why changes are in no journal.
enum NotJournaled {
    NoStore,
    Refused,
}

impl NotJournaled {
    fn status(self, waiting: u32) -> SaveStatus {
        let (code, cause) = match self {
            Self::NoStore => ("no_storage", "this browser lets the page store nothing"),
            Self::Refused => ("storage_refused", "this browser's storage takes nothing more"),
        };
        let changes = match waiting {
            1 => "1 change is".into(),
            _ => format!("{waiting} changes are"),
        };
        let reason = format!("Not saved on this device: {cause}. {changes} only in this window.");
        SaveStatus::NotSaved { waiting, reason, code: code.into() }
    }
}

/// The server refuses something until the person does something.
fn refused(waiting: u32, problem: &WireError) -> SaveStatus {
    let cause = match problem.code.as_str() {
        "storage_full" => "storage is full".into(),
        "not_signed_in" => "you are not signed in on this browser".into(),
        "not_found" => "this session is not there any more".into(),
        "unsupported_version" => "this page is of another version, reload it".into(),
        "missing_dependency" => "earlier changes are missing there".into(),
        _ => in_a_sentence(&problem.message),
    };
    let safe = match waiting {
        0 => "Everything is safe on this device.".into(),
        1 => "Your last change is safe on this device.".into(),
        _ => format!("Your last {waiting} changes are safe on this device."),
    };
    let reason = format!("Not saved to the server: {cause}. {safe}");
    SaveStatus::NotSaved { waiting, reason, code: problem.code.clone() }
}

/// `The change is too long.` as it stands after a colon.
fn in_a_sentence(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut chars = message.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => "the server refuses it".into(),
    }
}
