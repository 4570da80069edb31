//! Looking at what moves all the time: where it stands still, and where the page goes.

use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

/// What is written with every move would be many times a second.
const STILL: Duration = Duration::from_millis(150);

/// Looks when the answer was not called for a moment, and when the page is left: who moves something and reloads at
/// once has not waited for that.
pub(crate) fn when_still(look: impl Fn() + Copy + 'static) -> impl FnMut(()) + 'static {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::pagehide, move |_| look());
        on_cleanup(move || listener.remove());
    });
    debounce(STILL, move |()| look())
}
