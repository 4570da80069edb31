//! Taking a snapshot.

use holdfast_domain::sync::SaveStatus;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use crate::toasts::Toasts;

/// Takes a snapshot of the session as it is, with a name or without, and says so.
pub(crate) fn use_take_snapshot() -> impl Fn(Option<String>) + Copy + Send + Sync + 'static {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    move |name: Option<String>| {
        let name = name.filter(|name| !name.trim().is_empty());
        let taken = match &name {
            Some(name) => format!("Snapshot “{}” taken", name.trim()),
            None => "Snapshot taken".into(),
        };
        session.create_snapshot(name);
        match session.status.get_untracked() {
            SaveStatus::Offline { .. } => toasts.say(format!("{taken}; it waits for the network")),
            _ => toasts.say(taken),
        }
    }
}
