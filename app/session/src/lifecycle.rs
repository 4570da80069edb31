//! What happens to the page: shown, hidden, put away, brought back, online, offline.

use std::rc::Rc;

use holdfast_domain::sync::Event;
use wasm_bindgen::JsCast;
use web_sys::{PageTransitionEvent, StorageEvent};

use crate::binding::take_left;
use crate::browser::{Listener, document, is_visible, window};
use crate::events::Relay;
use crate::live::Live;
use crate::shell::Shell;

/// What an event means for a session that lives in this page.
type Act = fn(&Rc<Shell>, &Rc<Live>, &web_sys::Event);

/// The stream is the page's, and all of this may come once for each of its sessions: twice is as good as once.
fn with_relay(shell: &Rc<Shell>, act: impl FnOnce(&Relay)) {
    if let Some(relay) = shell.relay() {
        act(relay);
    }
}

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
                with_relay(shell, Relay::wake);
                shell.improve();
                take_left(shell);
                let shell = shell.clone();
                wasm_bindgen_futures::spawn_local(async move { shell.read_local().await });
            }
        }),
        on(&window, "pagehide", |shell, live, _| {
            shell.leave();
            shell.use_profile(false);
            with_relay(shell, Relay::suspend);
            live.suspend();
        }),
        on(&window, "pageshow", |shell, live, event| {
            // On a first load there is nothing to come back from.
            if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
                shell.use_profile(true);
                shell.journal.stay();
                with_relay(shell, Relay::resume);
                live.resume();
            }
        }),
        on(&document, "freeze", |shell, live, _| {
            shell.use_profile(false);
            with_relay(shell, Relay::suspend);
            live.suspend();
        }),
        on(&document, "resume", |shell, live, _| {
            shell.use_profile(true);
            with_relay(shell, Relay::resume);
            live.resume();
        }),
        on(&window, "online", |shell, live, _| {
            live.feed(Event::Online);
            with_relay(shell, Relay::wake);
            if shell.shows(live) {
                shell.refresh_snapshots();
                shell.send_owing();
            }
        }),
        on(&window, "offline", |shell, live, _| {
            live.feed(Event::Offline);
            with_relay(shell, Relay::lose_network);
        }),
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
