//! A reset by another tab, or another device: told here, with the way back (SESS-4).

use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_domain::sync::ChangeOrigin;
use holdfast_session::UseSession;
use leptos::prelude::*;
use serde_json::Value;

use super::SNAPSHOT;
use crate::snapshots::Restoring;
use crate::toasts::Toasts;

/// Tells of it for as long as the page is open.
pub(super) fn tell(session: UseSession, toasts: Toasts) {
    // Whether there was something, of which session: what opens empty was not reset.
    let before = StoredValue::new(None);
    let restoring = Restoring::of_page();
    Effect::new(move |_| {
        let full = !session.context.with(is_empty);
        before.set_value(session.id.get().filter(|_| full).or(before.get_value()));
    });
    session.on_change(move |change| {
        let place = match change.origin {
            ChangeOrigin::OtherTab => "in another tab",
            ChangeOrigin::OtherDevice => "on another device",
            _ => return,
        };
        let was_full = before.get_value().is_some_and(|id| session.id.get_untracked() == Some(id));
        if !was_full || !session.context.with_untracked(is_empty) {
            return;
        }
        before.set_value(None);
        // What it was is a snapshot, which this page perhaps does not have in its list yet.
        session.refresh();
        toasts.offer_undo(format!("This session was reset {place}"), move || {
            let newest = session.snapshots.with_untracked(|all| newest(all).cloned());
            match newest {
                Some(snapshot) => restoring.preview(snapshot),
                None => toasts.fail("Not here yet. The history has how it was, as “Before reset”."),
            }
        });
    });
}

fn is_empty(context: &Value) -> bool {
    context.as_object().is_none_or(serde_json::Map::is_empty)
}

/// The one that the reset took; they are newest first.
fn newest(snapshots: &[SnapshotSummary]) -> Option<&SnapshotSummary> {
    snapshots.iter().find(|snapshot| snapshot.name == SNAPSHOT)
}
