//! Who else is in a field right now.

use holdfast_domain::context::Path;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use crate::tabs::COLOURS;

/// The tab that has its caret at `path`: its colour's number and its label.
pub(super) fn peer_at(path: Path) -> Memo<Option<(usize, String)>> {
    let session = use_session(SessionOptions::default());
    Memo::new(move |_| {
        let me = session.tab.get();
        let tabs = session.tabs.read();
        tabs.iter()
            .enumerate()
            .filter(|(_, tab)| Some(tab.tab) != me)
            .find(|(_, tab)| tab.editing.as_deref() == Some(path.as_str()))
            .map(|(number, tab)| (number % COLOURS, tab.label.clone()))
    })
}
