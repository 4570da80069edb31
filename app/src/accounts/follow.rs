//! A page of before: somebody signed in or out in another tab, and what this one shows is no longer this browser's.

use holdfast_session::page_of_last;
use leptos::ev;
use leptos::prelude::*;

use crate::on_page::page_of;

/// Loads the page again when the browser is somebody else's: told by the other tab's storage event, or found when this
/// one is looked at again. What was typed is in this person's journal and stays there.
pub(crate) fn follow_whose() {
    let look = || {
        if page_of_last().is_some_and(|last| last != page_of()) {
            leave_for("/");
        }
    };
    Effect::new(move |_| {
        let listeners = [
            window_event_listener(ev::storage, move |_| look()),
            window_event_listener(ev::pageshow, move |_| look()),
            window_event_listener(ev::focus, move |_| look()),
            window_event_listener(ev::visibilitychange, move |_| look()),
        ];
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    });
}

/// Loads another page of this site, as whoever the browser is now. The page that is left is not gone back to.
pub(super) fn leave_for(path: &str) {
    // Only refused where the page may not navigate at all.
    let _ = window().location().replace(path);
}
