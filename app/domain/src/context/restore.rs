//! Making the context read as it did, by ordinary edits, and taking that back.

use std::collections::BTreeSet;

use serde_json::Value;

use super::diff::word_edits;
use super::limit::check_value;
use super::schema::object_marker;
use super::write::{Origin, Step};
use super::{Context, Entries, Entry, Path, json};
use crate::Result;

/// One path that a restore changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    /// Where.
    pub path: Path,
    /// What it read before; `None`: nothing was there.
    pub before: Option<Entry>,
    /// What it read after.
    pub after: Option<Entry>,
}

/// A restore, done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restoration {
    /// To append to the log, in order, as one group.
    pub updates: Vec<Vec<u8>>,
    /// For the undo.
    pub replaced: Vec<Replaced>,
}

/// A restore's undo, done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reversion {
    /// To append to the log.
    pub updates: Vec<Vec<u8>>,
    /// Paths left alone because they had changed since.
    pub kept: Vec<Path>,
}

impl Context {
    /// Makes the context read as `then`, by ordinary edits into the same roots. Returns the updates
    /// and, for its undo, what each changed path read before and after.
    ///
    /// # Errors
    /// `LimitExceeded`; then nothing changed.
    pub fn restore(&mut self, then: &Entries) -> Result<Restoration> {
        let now = self.entries();
        let paths: BTreeSet<&Path> = now.keys().chain(then.keys()).collect();
        let differing = paths.into_iter().filter(|path| now.get(*path) != then.get(*path));
        let replaced: Vec<Replaced> = differing
            .map(|path| Replaced {
                path: path.clone(),
                before: now.get(path).cloned(),
                after: then.get(path).cloned(),
            })
            .collect();
        let mut steps = Vec::new();
        if !replaced.is_empty() {
            self.plan_removals(then, &mut steps);
            self.plan_entries(&replaced, &mut steps)?;
        }
        Ok(Restoration { updates: self.commit(steps, Origin::System)?, replaced })
    }

    /// Puts back `before` wherever the path still reads `after`, leaves the others alone.
    ///
    /// # Errors
    /// `LimitExceeded`; then nothing changed.
    pub fn revert(&mut self, changes: &[Replaced]) -> Result<Reversion> {
        let now = self.entries();
        let mut target = now.clone();
        let mut kept = Vec::new();
        let (unchanged, changed): (Vec<_>, Vec<_>) =
            changes.iter().partition(|change| now.get(&change.path) == change.after.as_ref());
        kept.extend(changed.into_iter().map(|change| change.path.clone()));
        for change in &unchanged {
            target.remove(&change.path);
        }
        for change in unchanged {
            let Some(before) = &change.before else { continue };
            if has_room(&target, &change.path) {
                target.insert(change.path.clone(), before.clone());
            } else {
                kept.push(change.path.clone());
            }
        }
        kept.sort();
        Ok(Reversion { updates: self.restore(&target)?.updates, kept })
    }

    /// Removes what `then` does not have, hidden or not: what hid it may go.
    fn plan_removals(&self, then: &Entries, steps: &mut Vec<Step>) {
        let objects: BTreeSet<Path> = then.keys().flat_map(Path::ancestors).collect();
        let stays = |path: &Path| then.contains_key(path) || objects.contains(path);
        let keys = self.keys.iter().filter(|path| !stays(path));
        steps.extend(keys.cloned().map(Step::Remove));
        let texts = self.texts_below(None).into_iter().filter(|path| !stays(path));
        steps.extend(texts.map(Step::Clear));
    }

    fn plan_entries(&self, replaced: &[Replaced], steps: &mut Vec<Step>) -> Result<()> {
        let mut opened = BTreeSet::new();
        for Replaced { path, before, after } in replaced {
            let Some(after) = after else { continue };
            if before.is_none() {
                self.plan_parents(path, &mut opened, steps);
            }
            match (before, after) {
                (Some(Entry::Text(now)), Entry::Text(then)) => {
                    self.plan_marker(path, steps);
                    let edits = word_edits(now, then).into_iter();
                    steps.extend(edits.map(|edit| Step::Edit(path.clone(), edit)));
                }
                (_, Entry::Text(then)) => self.plan_text(path, then, steps),
                (_, Entry::Value(value)) => self.plan_restored(path, value, steps)?,
            }
        }
        Ok(())
    }

    fn plan_parents(&self, path: &Path, opened: &mut BTreeSet<Path>, steps: &mut Vec<Step>) {
        let mut parents = Vec::new();
        self.open_parents(path, &mut parents);
        for step in parents {
            let parent = match &step {
                Step::Set(parent, _) | Step::Clear(parent) => parent.clone(),
                Step::Remove(_) | Step::Edit(..) => continue,
            };
            let marks = matches!(step, Step::Set(..));
            if !opened.contains(&parent) {
                steps.push(step);
            }
            if marks {
                opened.insert(parent);
            }
        }
    }

    fn plan_restored(&self, path: &Path, value: &Value, steps: &mut Vec<Step>) -> Result<()> {
        if self.has_characters(path) {
            steps.push(Step::Clear(path.clone()));
        }
        let stored = match value {
            Value::Object(fields) if fields.is_empty() => object_marker(),
            value => json::to_any(value),
        };
        check_value(&stored)?;
        steps.push(Step::Set(path.clone(), stored));
        Ok(())
    }
}

/// Whether an entry at `path` would neither hide others nor be hidden.
fn has_room(entries: &Entries, path: &Path) -> bool {
    let below = super::schema::Below::new(Some(path));
    entries.range::<str, _>(below.bounds()).next().is_none()
        && !path.ancestors().any(|parent| match entries.get(&parent) {
            Some(Entry::Value(Value::Object(fields))) => !fields.is_empty(),
            other => other.is_some(),
        })
}
