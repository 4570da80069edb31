//! What the server tells of the open session by itself.

use std::rc::Rc;

use holdfast_domain::event::{EventKind, SessionEvent, Watched};
use holdfast_domain::sync::Event;

use super::Shell;
use crate::events::Relay;

impl Shell {
    pub(super) fn start_relay(self: &Rc<Self>) {
        let Ok(transport) = self.transport() else { return };
        let shell = Rc::downgrade(self);
        let relay = Relay::start(&self.profile, transport, move |event| {
            if let Some(shell) = shell.upgrade() {
                shell.hear_of(event);
            }
        });
        self.relay.set(relay).ok();
    }

    /// What becomes of the stream when something happens to the page.
    pub(crate) fn relay(&self) -> Option<&Relay> {
        self.relay.get().map(Rc::as_ref)
    }

    /// Hears from now on of the session that is open, if the server has it.
    pub(super) fn watch_shown(&self) {
        let Some(relay) = self.relay() else { return };
        let shown = self.live().map(|live| live.id);
        let there = |id| self.local(id).is_some_and(|session| session.on_server);
        relay.watch(shown.filter(|id| there(*id)).map(|session| Watched { session, heard: None }));
    }

    fn hear_of(self: &Rc<Self>, event: SessionEvent) {
        let Some(live) = self.live().filter(|live| live.id == event.session) else { return };
        live.feed(Event::Told(event.cursor.context));
        if let Some(job) = event.kind.job() {
            return self.hear_of_job(event.kind.name(), job);
        }
        match event.kind {
            EventKind::Gap => {
                self.refresh();
                self.refresh_jobs();
            }
            EventKind::Snapshot { .. } => self.refresh_snapshots(),
            EventKind::Renamed { name } => {
                if let Some(local) = self.local(live.id) {
                    self.describe(live.id, name, local.summary.state);
                }
            }
            EventKind::State { state } => {
                if let Some(local) = self.local(live.id).filter(|local| !local.rename_pending) {
                    self.describe(live.id, local.summary.name, state);
                }
            }
            EventKind::Ended { code } if code == "gone" => self.see_gone(live.id),
            _ => {}
        }
    }
}
