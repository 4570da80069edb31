//! Carries out planned edits as one transaction.

use yrs::{Any, GetString, Map, MapRef, Text, TextRef, Transact, TransactionMut};

use super::schema::{is_object_marker, is_text_marker, object_marker, text_marker};
use super::{Context, Path, TextEdit, json, observe, utf16};
use crate::Result;
use crate::limits::UPDATE_BYTES;
use crate::scan::split;

/// What a struct takes in an update besides its content, at most.
const STRUCT_BYTES: usize = 64;

/// One step of an edit, planned against the document as it is.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Write a value into the map.
    Set(Path, Any),
    /// Delete a key of the map.
    Remove(Path),
    /// Delete all characters of a text.
    Clear(Path),
    /// Change a text.
    Edit(Path, TextEdit),
}

/// Whose edit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A person's in this tab, who can undo it.
    Person,
    /// Ours (restore, conversion); undo leaves it alone.
    System,
}

impl Origin {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::System => "system",
        }
    }
}

impl Step {
    /// About how many bytes the step adds to the context.
    pub(super) fn adds(&self) -> usize {
        match self {
            Self::Set(path, value) => path.as_str().len() + json::encoded_len(value) + STRUCT_BYTES,
            Self::Edit(_, edit) if !edit.insert.is_empty() => edit.insert.len() + STRUCT_BYTES,
            Self::Edit(..) | Self::Remove(_) | Self::Clear(_) => 0,
        }
    }

    fn text(&self) -> Option<&Path> {
        match self {
            Self::Edit(path, _) | Self::Clear(path) => Some(path),
            Self::Set(..) | Self::Remove(_) => None,
        }
    }
}

impl Context {
    /// Carries out the steps; the updates they made, none for no steps.
    pub(super) fn commit(&mut self, steps: Vec<Step>, origin: Origin) -> Result<Vec<Vec<u8>>> {
        self.check_room(steps.iter().map(Step::adds).sum())?;
        let texts: Vec<Option<TextRef>> =
            steps.iter().map(|step| step.text().map(|path| self.open_text(path))).collect();
        let (changes, updates) = self.record(|context| {
            let mut txn = context.doc.transact_mut_with(origin.name());
            for (step, text) in steps.into_iter().zip(texts) {
                carry_out(&mut txn, &context.map, step, text);
            }
        });
        self.last_changes = changes;
        updates
    }

    /// Lets `act` make transactions; what they changed, and their updates in pieces that fit.
    pub(super) fn record(
        &mut self,
        act: impl FnOnce(&mut Self),
    ) -> (super::Changes, Result<Vec<Vec<u8>>>) {
        observe::lock(&self.observed).record = true;
        act(self);
        let (changes, made) = self.settle(false);
        let mut updates = Vec::new();
        for update in made {
            self.bytes += update.len();
            match split(&update, UPDATE_BYTES) {
                Ok(pieces) => updates.extend(pieces),
                Err(error) => return (changes, Err(error)),
            }
        }
        (changes, Ok(updates))
    }

    /// Steps that make each object around `path` one that stays when its children go, and that show
    /// it where something else stood.
    pub(super) fn open_parents(&self, path: &Path, steps: &mut Vec<Step>) {
        for parent in path.ancestors() {
            let stored = self.stored(&parent);
            if stored.as_ref().is_some_and(is_object_marker) {
                continue;
            }
            if self.has_characters(&parent) {
                steps.push(Step::Clear(parent.clone()));
            }
            steps.push(Step::Set(parent, object_marker()));
        }
    }

    /// A step that says that a text is at `path`, where that is not said yet.
    pub(super) fn plan_marker(&self, path: &Path, steps: &mut Vec<Step>) {
        if !self.stored(path).as_ref().is_some_and(is_text_marker) {
            steps.push(Step::Set(path.clone(), text_marker()));
        }
    }

    /// Steps after which the text at `path` has these characters and no others.
    pub(super) fn plan_text(&self, path: &Path, then: &str, steps: &mut Vec<Step>) {
        if self.has_characters(path) {
            steps.push(Step::Clear(path.clone()));
        }
        self.plan_marker(path, steps);
        let insert = TextEdit { insert: then.into(), ..TextEdit::default() };
        steps.push(Step::Edit(path.clone(), insert));
    }

    /// Steps after which nothing stands at a path or below it.
    pub(super) fn remove_all(&self, path: &Path, steps: &mut Vec<Step>) {
        let itself = self.keys.get(path).cloned().into_iter();
        steps.extend(self.keys_below(Some(path)).into_iter().chain(itself).map(Step::Remove));
        let itself = self.has_characters(path).then(|| path.clone()).into_iter();
        steps.extend(self.texts_below(Some(path)).into_iter().chain(itself).map(Step::Clear));
    }
}

fn carry_out(txn: &mut TransactionMut<'_>, map: &MapRef, step: Step, text: Option<TextRef>) {
    match (step, text) {
        (Step::Set(path, value), _) => drop(map.insert(txn, path.as_str(), value)),
        (Step::Remove(path), _) => drop(map.remove(txn, path.as_str())),
        (Step::Clear(_), Some(text)) => clear(txn, &text),
        (Step::Edit(_, edit), Some(text)) => change(txn, &text, &edit),
        (Step::Clear(_) | Step::Edit(..), None) => {}
    }
}

fn clear(txn: &mut TransactionMut<'_>, text: &TextRef) {
    let units = utf16::len(&text.get_string(txn));
    text.remove_range(txn, 0, units);
}

fn change(txn: &mut TransactionMut<'_>, text: &TextRef, edit: &TextEdit) {
    if is_regular(txn, text) {
        text.remove_range(txn, edit.at, edit.delete);
        text.insert(txn, edit.at, &edit.insert);
    } else if let Ok(content) = utf16::apply(&text.get_string(txn), edit) {
        clear(txn, text);
        text.insert(txn, 0, &content);
    }
}

/// Whether offsets in the text count its characters and nothing else. A hostile client can place
/// values between characters, by origins that no scanner can follow without the document: they take
/// offsets but are not read.
fn is_regular(txn: &TransactionMut<'_>, text: &TextRef) -> bool {
    text.len(txn) == utf16::len(&text.get_string(txn))
}
