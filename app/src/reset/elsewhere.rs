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
    let restoring = Restoring::of_page();
    session.on_change(move |change| {
        let place = match change.origin {
            ChangeOrigin::OtherTab => "in another tab",
            ChangeOrigin::OtherDevice => "on another device",
            _ => return,
        };
        // All that changed is gone, so there was something. Asked first: as JSON the whole context is made anew.
        let gone = untrack(|| change.paths.iter().all(|path| session.get(path).is_none()));
        if change.paths.is_empty() || !gone || !session.context.with_untracked(is_empty) {
            return;
        }
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
