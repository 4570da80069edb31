//! What a tab shows, per device and session (CTX-11).

use holdfast_domain::id::SessionId;
use serde_json::Value;

use super::Shell;
use crate::browser::spawn_now;
use crate::journal::Table;

impl Shell {
    /// Reads what was shown when the session was open last.
    pub(crate) async fn read_views(&self, session: SessionId) {
        let prefix = format!("{session}/");
        let stored = self.journal.all(Table::Views, &prefix).await;
        if self.live().is_none_or(|live| live.id != session) {
            return;
        }
        let mut views = self.views.borrow_mut();
        for (key, bytes) in stored {
            let value = serde_json::from_slice(&bytes).ok();
            // What was changed since it was opened is newer.
            let key = key.strip_prefix(&prefix).filter(|key| !views.contains_key(*key));
            if let (Some(key), Some(value)) = (key, value) {
                views.insert(key.into(), value);
            }
        }
    }

    /// What is shown under a key; `None` where nothing was kept.
    pub(crate) fn view(&self, key: &str) -> Option<Value> {
        self.reactive.track_view(key);
        self.views.borrow().get(key).cloned()
    }

    /// Keeps what is shown.
    pub(crate) fn set_view(&self, key: &str, value: Value) {
        let bytes = serde_json::to_vec(&value).ok();
        self.views.borrow_mut().insert(key.into(), value);
        self.reactive.notify_view(key);
        let Some(live) = self.live() else { return };
        let place = format!("{}/{key}", live.id);
        let journal = self.journal.clone();
        spawn_now(async move { journal.put(Table::Views, place, bytes).await });
    }

    /// The page goes: small things wait for nothing any more.
    pub(crate) fn leave(&self) {
        for (table, key, value) in self.journal.leave() {
            let journal = self.journal.clone();
            spawn_now(async move { journal.put(table, key, value).await });
        }
    }
}
