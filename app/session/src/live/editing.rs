//! Changes made in this tab.

use std::rc::Rc;

use holdfast_domain::context::{Context, Entries, Entry, Path, TextEdit};
use holdfast_domain::id::SnapshotId;
use holdfast_domain::session::SessionState;
use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest};
use holdfast_domain::sync::{ChangeOrigin, Event, RecordBody, Urgency};
use holdfast_domain::{Error, Result};
use serde_json::Value;

use super::{Live, meta_of};
use crate::browser::Browser;
use crate::{Notice, ResetUndo};

/// Names of fields that hold what a context is not meant for (SEC-8).
const SECRETS: [&str; 8] =
    ["password", "passwort", "passphrase", "secret", "token", "apikey", "credential", "privatekey"];

type Updates = Vec<Vec<u8>>;

impl Live {
    fn edit<T>(
        self: &Rc<Self>,
        urgency: Urgency,
        work: impl FnOnce(&mut Context) -> Result<(Updates, T)>,
    ) -> Result<T> {
        if !self.ready.get() {
            return Err(Error::Conflict { reason: "The session is still being opened.".into() });
        }
        self.check_not_read_only()?;
        let (updates, answer, changes) = {
            let mut context = self.context.borrow_mut();
            // What is undone together follows from it.
            context.set_now_ms(self.now_ms());
            let (updates, answer) = work(&mut context)?;
            (updates, answer, context.last_changes().clone())
        };
        if !updates.is_empty() {
            self.edited(updates, urgency);
            self.warn_of_secrets(&changes.paths);
            self.changed(ChangeOrigin::ThisTab, &changes);
        }
        Ok(answer)
    }

    /// Of what is archived or deleted nothing is changed: the server would not take it.
    fn check_not_read_only(&self) -> Result<()> {
        if self.made_before.get() {
            return Ok(());
        }
        let shell = self.shell.upgrade();
        let state = shell.and_then(|shell| shell.local(self.id)).map(|local| local.summary.state);
        match state {
            Some(SessionState::Archived) => Err(Error::Archived),
            Some(SessionState::Deleted) => Err(Error::Gone { until_ms: None }),
            _ => Ok(()),
        }
    }

    /// Does an edit that was made before this page knew what the session is. It waits on this device where the server
    /// does not take it, and is offered as a copy (SESS-1).
    pub(crate) fn made_before<T>(&self, edit: impl FnOnce() -> T) -> T {
        self.made_before.set(true);
        let done = edit();
        self.made_before.set(false);
        done
    }

    /// To the journal first: whoever is told of the change may take their time.
    pub(super) fn edited(self: &Rc<Self>, updates: Updates, urgency: Urgency) {
        let bodies = updates.into_iter().map(RecordBody::Update).collect();
        self.feed(Event::Edited { bodies, urgency });
        self.note_activity();
        self.seek_lead_at_last();
    }

    /// A person is there: the server is told with the next exchange.
    pub(crate) fn touch(self: &Rc<Self>) {
        self.note_activity();
        self.feed(Event::Touched);
    }

    fn note_activity(&self) {
        let now_ms = self.now_ms();
        // The others are told with the next announcement: not every keystroke is one.
        self.presence.borrow_mut().change(|me| me.active_at_ms = now_ms);
    }

    pub(crate) fn patch(self: &Rc<Self>, patch: &Value) -> Result<()> {
        self.edit(Urgency::Routine, |context| Ok((context.patch(patch)?, ())))
    }

    /// Puts a value at a path, whole: an object takes the place of all that is there.
    pub(crate) fn set(self: &Rc<Self>, path: &Path, value: Value) -> Result<()> {
        let value = match self.get(path) {
            Some(before) => in_place_of(&before, value),
            None => value,
        };
        self.patch(&nested(path, value))
    }

    pub(crate) fn remove(self: &Rc<Self>, path: &Path) -> Result<()> {
        self.patch(&nested(path, Value::Null))
    }

    pub(crate) fn edit_text(self: &Rc<Self>, path: &Path, edit: &TextEdit) -> Result<()> {
        self.edit(Urgency::Routine, |context| Ok((context.edit_text(path, edit)?, ())))
    }

    pub(crate) fn set_text(self: &Rc<Self>, path: &Path, content: &str) -> Result<()> {
        self.edit(Urgency::Routine, |context| Ok((context.set_text(path, content)?, ())))
    }

    pub(crate) fn get(&self, path: &Path) -> Option<Value> {
        self.context.borrow().get(path)
    }

    /// The text at a path, or the string that would become one.
    pub(crate) fn text(&self, path: &Path) -> String {
        match self.get(path) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        self.context.borrow().to_json()
    }

    pub(crate) fn undo(self: &Rc<Self>) {
        self.step(Context::undo);
    }

    pub(crate) fn redo(self: &Rc<Self>) {
        self.step(Context::redo);
    }

    fn step(
        self: &Rc<Self>,
        step: fn(&mut Context) -> Option<(Updates, holdfast_domain::context::Changes)>,
    ) {
        if !self.ready.get() || self.check_not_read_only().is_err() {
            return;
        }
        let done = step(&mut self.context.borrow_mut());
        if let Some((updates, changes)) = done {
            self.edited(updates, Urgency::Routine);
            self.changed(ChangeOrigin::ThisTab, &changes);
        }
    }

    /// Takes everything away, as ordinary edits.
    pub(crate) fn reset(self: &Rc<Self>, keep_snapshot: bool) -> Result<ResetUndo> {
        if self.ready.get() {
            // There is one in any case, so that it can be undone for as long as snapshots are kept (SESS-4).
            let kind = match keep_snapshot {
                true => SnapshotKind::Manual,
                false => SnapshotKind::Automatic,
            };
            self.take_snapshot(SnapshotId::generate(&Browser), Some("Before reset".into()), kind);
        }
        let replaced = self.edit(Urgency::AtOnce, |context| {
            let done = context.restore(&Entries::new())?;
            Ok((done.updates, done.replaced))
        })?;
        Ok(ResetUndo { session: self.id, replaced })
    }

    pub(crate) fn undo_reset(self: &Rc<Self>, undo: &ResetUndo) -> Result<()> {
        if undo.session != self.id {
            let reason = "Another session is open now; open the one that was reset first.".into();
            return Err(Error::Conflict { reason });
        }
        self.edit(Urgency::AtOnce, |context| Ok((context.revert(&undo.replaced)?.updates, ())))
    }

    /// A record in the journal like any edit: it captures exactly what was edited before.
    pub(crate) fn snapshot_as(self: &Rc<Self>, id: SnapshotId, name: Option<String>) {
        self.take_snapshot(id, name, SnapshotKind::Manual);
    }

    fn take_snapshot(self: &Rc<Self>, id: SnapshotId, name: Option<String>, kind: SnapshotKind) {
        let name = name.and_then(|name| holdfast_domain::session::check_name(&name).ok());
        let request = SnapshotRequest {
            id,
            name: name.unwrap_or_else(|| "Snapshot".into()),
            kind,
            at_ms: self.now_ms(),
        };
        let bodies = vec![RecordBody::Snapshot(request)];
        self.feed(Event::Edited { bodies, urgency: Urgency::AtOnce });
        self.seek_lead_at_last();
    }

    pub(crate) fn save_now(self: &Rc<Self>) {
        // What is typed while the session is read becomes an edit after that, and is meant too.
        self.when_ready(Box::new(|live| {
            live.seek_lead_at_last();
            live.feed(Event::Save(Urgency::AtOnce));
        }));
    }

    pub(crate) fn create_again(self: &Rc<Self>) {
        let session = self.shell.upgrade().and_then(|shell| shell.local(self.id));
        if let Some(session) = session {
            self.feed(Event::CreateAgain { create: meta_of(&session) });
        }
    }

    fn warn_of_secrets(&self, paths: &[Path]) {
        let secret = paths.iter().find(|path| path.keys().any(|key| is_secret_like(&key)));
        if let Some(path) = secret.filter(|path| !self.warned.borrow().contains(path)) {
            self.warned.borrow_mut().push(path.clone());
            self.notify(Notice::SecretLike { path: path.clone() });
        }
    }

    /// Whether a text that merges stands at a path.
    pub(crate) fn is_text(&self, path: &Path) -> bool {
        matches!(self.context.borrow().entries().get(path), Some(Entry::Text(_)))
    }
}

/// A merge patch that touches nothing but `path`.
fn nested(path: &Path, value: Value) -> Value {
    let keys: Vec<String> = path.keys().collect();
    keys.into_iter()
        .rev()
        .fold(value, |inner, key| Value::Object(serde_json::Map::from_iter([(key, inner)])))
}

/// A merge patch that turns `before` into `value`: keys that are not in it go.
fn in_place_of(before: &Value, value: Value) -> Value {
    let (Value::Object(before), Value::Object(mut whole)) = (before, value.clone()) else {
        return value;
    };
    for (key, before) in before {
        let new = whole.remove(key).map_or(Value::Null, |new| in_place_of(before, new));
        whole.insert(key.clone(), new);
    }
    Value::Object(whole)
}

fn is_secret_like(key: &str) -> bool {
    let plain: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    SECRETS.iter().any(|secret| plain.contains(secret))
}
