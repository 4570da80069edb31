//! Undo and redo of what this tab did, and of nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use yrs::undo::{Options, UndoManager};
use yrs::{Doc, MapRef, TextRef, Transact};

use super::write::Origin;
use super::{Changes, Context};

/// Edits that follow each other within this time, in milliseconds, are undone together.
const GROUP_MS: u64 = 500;

/// The undo stack, with a clock that is set from outside.
pub(super) struct Undo {
    manager: UndoManager<()>,
    now_ms: Arc<AtomicU64>,
}

impl Undo {
    pub(super) fn new(doc: &Doc, map: &MapRef) -> Self {
        // Zero would say that there was no edit before.
        let now_ms = Arc::new(AtomicU64::new(1));
        let clock = Arc::clone(&now_ms);
        let mut manager = UndoManager::with_options(Options {
            capture_timeout_millis: GROUP_MS,
            tracked_origins: [Origin::Person.name().into()].into(),
            capture_transaction: None,
            timestamp: Arc::new(move || clock.load(Ordering::Relaxed)),
            init_undo_stack: Vec::new(),
            init_redo_stack: Vec::new(),
        });
        manager.expand_scope(doc, map);
        Self { manager, now_ms }
    }

    /// From now on the text is undone as well.
    pub(super) fn cover(&mut self, doc: &Doc, text: &TextRef) {
        self.manager.expand_scope(doc, text);
    }
}

impl Context {
    /// Sets the time, milliseconds since the Unix epoch, which decides what is undone together. Call
    /// it before an edit; a clock that goes back is taken as standing still.
    pub fn set_now_ms(&mut self, now_ms: i64) {
        let now_ms = u64::try_from(now_ms).unwrap_or(0);
        self.undo.now_ms.fetch_max(now_ms, Ordering::Relaxed);
    }

    /// Ends the group: the next edit is undone by itself.
    pub fn end_undo_group(&mut self) {
        self.undo.manager.reset();
    }

    /// Undoes this tab's last edit (edits within 500 ms of the one before count as one, see
    /// [`Context::set_now_ms`]). The updates to journal, and what changed; `None`: nothing to undo.
    pub fn undo(&mut self) -> Option<(Vec<Vec<u8>>, Changes)> {
        self.replay(UndoManager::undo_blocking)
    }

    /// Does again what was undone.
    pub fn redo(&mut self) -> Option<(Vec<Vec<u8>>, Changes)> {
        self.replay(UndoManager::redo_blocking)
    }

    /// Whether [`Context::undo`] has something to undo.
    pub fn can_undo(&self) -> bool {
        self.undo.manager.can_undo()
    }

    /// Whether [`Context::redo`] has something to redo.
    pub fn can_redo(&self) -> bool {
        self.undo.manager.can_redo()
    }

    /// Drops the undo stack and what was kept for it.
    pub(super) fn forget_undo(&mut self) {
        self.undo.manager.clear_all();
        self.doc.transact_mut_with(Origin::System.name()).gc(None);
    }

    fn replay(
        &mut self,
        act: impl FnOnce(&mut UndoManager<()>) -> bool,
    ) -> Option<(Vec<Vec<u8>>, Changes)> {
        let (changes, updates) = self.record(|context| {
            act(&mut context.undo.manager);
        });
        // Cutting fails only for a value over the limit, and each passed it when it was written.
        let updates = updates.unwrap_or_default();
        (!updates.is_empty()).then_some((updates, changes))
    }
}
