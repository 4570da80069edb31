//! Who else is in a field right now.

use holdfast_domain::context::Path;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use crate::tabs::COLOURS;

/// The tab that has its caret at `path`, the first of several: its colour's number and its label.
pub(super) fn peer_at(path: Path) -> Memo<Option<(usize, String)>> {
    let peers = peers_at(path);
    Memo::new(move |_| peers.read().first().cloned())
}

/// The number of the colour of the tab that has its caret at `path`, where it is the only one.
pub(super) fn only_peer_at(path: Path) -> Memo<Option<usize>> {
    let peers = peers_at(path);
    Memo::new(move |_| match peers.read().as_slice() {
        [(colour, _)] => Some(*colour),
        _ => None,
    })
}

/// Every tab that has its caret at `path`: its colour's number and its label.
fn peers_at(path: Path) -> Memo<Vec<(usize, String)>> {
    let session = use_session(SessionOptions::default());
    Memo::new(move |_| {
        let me = session.tab.get();
        let tabs = session.tabs.read();
        tabs.iter()
            .enumerate()
            .filter(|(_, tab)| Some(tab.tab) != me)
            .filter(|(_, tab)| tab.editing.as_deref() == Some(path.as_str()))
            .map(|(number, tab)| (number % COLOURS, tab.label.clone()))
            .collect()
    })
}
