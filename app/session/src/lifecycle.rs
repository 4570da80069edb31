//! What happens to the page: shown, hidden, put away, brought back, online, offline.

use std::rc::Rc;

use holdfast_domain::sync::Event;
use wasm_bindgen::JsCast;
use web_sys::{PageTransitionEvent, StorageEvent};

use crate::binding::take_left;
use crate::browser::{Listener, document, is_visible, window};
use crate::live::Live;
use crate::shell::Shell;

/// What an event means for a session that lives in this page.
type Act = fn(&Rc<Shell>, &Rc<Live>, &web_sys::Event);

/// Listens as long as the answer is kept.
pub(crate) fn listen(shell: &Rc<Shell>) -> Vec<Listener> {
    let (Some(window), Some(document)) = (window(), document()) else { return Vec::new() };
    let on = |target: &web_sys::EventTarget, event: &'static str, act: Act| {
        let weak = Rc::downgrade(shell);
        Listener::new(target, event, move |event| {
            let Some(shell) = weak.upgrade() else { return };
            for live in shell.lives() {
                act(&shell, &live, &event);
            }
        })
    };
    vec![
        on(&document, "visibilitychange", |shell, live, _| {
            live.show_or_hide();
            if is_visible() && shell.shows(live) {
                shell.improve();
                take_left(shell);
                let shell = shell.clone();
                wasm_bindgen_futures::spawn_local(async move { shell.read_local().await });
            }
        }),
        on(&window, "pagehide", |shell, live, _| {
            shell.leave();
            shell.use_profile(false);
            live.suspend();
        }),
        on(&window, "pageshow", |shell, live, event| {
            // On a first load there is nothing to come back from.
            if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
                shell.use_profile(true);
                shell.journal.stay();
                live.resume();
            }
        }),
        on(&document, "freeze", |shell, live, _| {
            shell.use_profile(false);
            live.suspend();
        }),
        on(&document, "resume", |shell, live, _| {
            shell.use_profile(true);
            live.resume();
        }),
        on(&window, "online", |shell, live, _| {
            live.feed(Event::Online);
            if shell.shows(live) {
                shell.refresh_snapshots();
                shell.send_owing();
            }
        }),
        on(&window, "offline", |_, live, _| live.feed(Event::Offline)),
        on(&window, "focus", |shell, live, event| {
            // Captured, so that the focus of every field comes by as well.
            if event.target().is_some_and(|target| target.is_instance_of::<web_sys::Window>()) {
                if shell.shows(live) {
                    live.touch();
                }
                // Windows beside each other are both visible all the time.
                live.feed(Event::Visible);
                live.read_again_without_channel();
            }
        }),
        on(&window, "storage", |shell, live, event| {
            let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
            // By a tab that has no channel, whether this one has one or not.
            if key == Some(crate::journal::poke_key(&shell.profile, live.id)) {
                live.read_again_soon();
            }
        }),
    ]
}
