//! Random edits of a context, as a person and programs make them.

use std::str::FromStr;

use holdfast_domain::context::{Path, TextEdit};
use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest};
use holdfast_domain::sync::{Event, RecordBody, Urgency};
use serde_json::{Value, json};

use super::world::{Place, World};

const TEXTS: [&str; 3] = ["/notes", "/trip/diary", "/trip/list"];

impl World {
    pub(super) fn edit(&mut self, place: Place) {
        let now_ms = self.now_ms + self.browsers[place.browser].clock_ms;
        let kind = self.chance.below(100);
        let patch = self.random_patch();
        let text: &str = self.chance.pick::<&str>(&TEXTS);
        let text = Path::from_str(text).unwrap();
        let (at, delete) = (self.chance.number(), self.chance.below(4));
        let insert = *self.chance.pick(&["a", "lorem ", "ß", "🦀", "", "word"]);
        let Some(tab) = self.browsers[place.browser].tabs.get_mut(&place.tab) else { return };
        if tab.frozen {
            return;
        }
        let context = &mut tab.context;
        context.set_now_ms(now_ms);
        context.end_undo_group();
        let updates = match kind {
            0..45 => {
                let content = context.get(&text).and_then(|text| Some(text.as_str()?.to_owned()));
                let edit = random_edit(content.as_deref().unwrap_or(""), at, delete, insert);
                context.edit_text(&text, &edit).unwrap()
            }
            45..85 => context.patch(&patch).unwrap(),
            85..88 => context.set_text(&text, "Dear diary").unwrap(),
            88..92 if tab.undoable => {
                context.undo().map(|(updates, _)| updates).unwrap_or_default()
            }
            92..95 if tab.undoable => {
                context.redo().map(|(updates, _)| updates).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        if matches!(kind, 88..95) && !updates.is_empty() {
            self.counts.note("undo or redo");
        }
        // Undoing more than one value at once takes them in no certain order, and a seed would not
        // tell the same story twice.
        tab.undoable = match kind {
            45..85 => patch.get("budget").is_some_and(Value::is_number),
            88..95 => tab.undoable,
            _ => false,
        };
        let mut bodies: Vec<_> = updates.into_iter().map(RecordBody::Update).collect();
        let mut urgency = Urgency::Routine;
        if kind >= 95 {
            urgency = Urgency::AtOnce;
            self.counts.note("snapshot");
            bodies.push(RecordBody::Snapshot(SnapshotRequest {
                id: self.chance.snapshot(),
                name: "then".into(),
                kind: SnapshotKind::Manual,
                at_ms: now_ms,
            }));
        }
        if bodies.is_empty() {
            return;
        }
        self.counts.note("edit");
        let tab = self.tab(place).unwrap();
        tab.made.extend(bodies.iter().cloned());
        self.event(place, Event::Edited { bodies, urgency });
    }

    fn random_patch(&mut self) -> Value {
        let number = self.chance.below(100);
        match self.chance.below(10) {
            0 => json!({ "budget": number }),
            1 => json!({ "trip": { "from": number } }),
            2 => json!({ "trip": { "to": "Oslo", "days": number } }),
            // An object that two create apart.
            3 => json!({ "profile": { format!("field{}", number % 4): number } }),
            4 => json!({ "profile": { "tags": [number, "x"] } }),
            5 => json!({ "profile": null }),
            6 => json!({ "trip": null }),
            7 => json!({ "budget": null, "notes": null }),
            8 => json!({ "deep": { "a": { "b": { "c": number } } } }),
            _ => json!({ "deep": { "a": number } }),
        }
    }
}

/// Somewhere between two characters of the content.
fn random_edit(content: &str, at: u64, delete: usize, insert: &str) -> TextEdit {
    let chars: Vec<u32> =
        content.chars().map(|char| u32::try_from(char.len_utf16()).unwrap()).collect();
    let at = usize::try_from(at % (chars.len() as u64 + 1)).unwrap();
    let delete = chars[at..].iter().take(delete).sum();
    TextEdit { at: chars[..at].iter().sum(), delete, insert: insert.into() }
}
