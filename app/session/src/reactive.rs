//! Who is told about a change: signals by path, callbacks, and bound text fields.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use holdfast_domain::context::{Changes, Path, TextEdit};
use leptos::prelude::*;

use crate::Change;

type OnChange = Rc<dyn Fn(&Change)>;
type OnText = Rc<dyn Fn(&[TextEdit])>;

/// Everything that depends on the open session's context.
#[derive(Default)]
pub(crate) struct Reactive {
    /// By path, and by the names of what tabs show, which start with no slash.
    triggers: RefCell<HashMap<String, ArcTrigger>>,
    callbacks: RefCell<Vec<(u64, OnChange)>>,
    texts: RefCell<Vec<(u64, Path, OnText)>>,
    last_id: Cell<u64>,
}

impl Reactive {
    /// Has the running memo or effect run again when something at, above or below `path` changes.
    pub(crate) fn track(&self, path: &Path) {
        self.track_key(path.as_str().to_owned());
    }

    /// As [`Reactive::track`], for what tabs show.
    pub(crate) fn track_view(&self, key: &str) {
        self.track_key(view_key(key));
    }

    fn track_key(&self, key: String) {
        let trigger = self.triggers.borrow_mut().entry(key).or_default().clone();
        trigger.track();
    }

    /// Some paths changed.
    pub(crate) fn notify(&self, changes: &Changes) {
        let related = |path: &str| {
            changes
                .paths
                .iter()
                .map(Path::as_str)
                .any(|changed| is_at_or_below(path, changed) || is_at_or_below(changed, path))
        };
        let triggers: Vec<ArcTrigger> = {
            let triggers = self.triggers.borrow();
            let touched = triggers.iter().filter(|(path, _)| related(path));
            touched.map(|(_, trigger)| trigger.clone()).collect()
        };
        for trigger in triggers {
            trigger.notify();
        }
        let texts: Vec<(Path, OnText)> = {
            let texts = self.texts.borrow();
            let touched = texts.iter().filter(|(_, path, _)| related(path.as_str()));
            touched.map(|(_, path, tell)| (path.clone(), tell.clone())).collect()
        };
        for (path, tell) in texts {
            let edits = changes.texts.iter().find(|(text, _)| *text == path);
            tell(edits.map(|(_, edits)| edits.as_slice()).unwrap_or_default());
        }
    }

    /// Another session, or all of it was read.
    pub(crate) fn notify_all(&self) {
        let triggers: Vec<ArcTrigger> = self.triggers.borrow().values().cloned().collect();
        for trigger in triggers {
            trigger.notify();
        }
        let texts: Vec<OnText> =
            self.texts.borrow().iter().map(|(_, _, tell)| tell.clone()).collect();
        for tell in texts {
            tell(&[]);
        }
    }

    /// What a tab shows changed.
    pub(crate) fn notify_view(&self, key: &str) {
        let trigger = self.triggers.borrow().get(&view_key(key)).cloned();
        if let Some(trigger) = trigger {
            trigger.notify();
        }
    }

    /// Calls the callbacks.
    pub(crate) fn tell(&self, change: &Change) {
        let callbacks: Vec<OnChange> =
            self.callbacks.borrow().iter().map(|(_, callback)| callback.clone()).collect();
        for callback in callbacks {
            callback(change);
        }
    }

    /// Whether there is any callback.
    pub(crate) fn has_callbacks(&self) -> bool {
        !self.callbacks.borrow().is_empty()
    }

    /// Adds a callback; its number removes it.
    pub(crate) fn add_callback(&self, callback: OnChange) -> u64 {
        let id = self.next_id();
        self.callbacks.borrow_mut().push((id, callback));
        id
    }

    /// Adds a bound text; its number removes it.
    pub(crate) fn add_text(&self, path: Path, tell: OnText) -> u64 {
        let id = self.next_id();
        self.texts.borrow_mut().push((id, path, tell));
        id
    }

    /// Whether a text field is bound to the path.
    pub(crate) fn has_text(&self, path: &Path) -> bool {
        self.texts.borrow().iter().any(|(_, bound, _)| bound == path)
    }

    /// Removes a callback or a bound text.
    pub(crate) fn remove(&self, id: u64) {
        self.callbacks.borrow_mut().retain(|(other, _)| *other != id);
        self.texts.borrow_mut().retain(|(other, _, _)| *other != id);
    }

    fn next_id(&self) -> u64 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }
}

fn view_key(key: &str) -> String {
    format!("view:{key}")
}

fn is_at_or_below(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
