//! Talking with the other tabs of the session (TAB-1 to TAB-4).

use std::rc::Rc;

use holdfast_domain::id::TabId;
use holdfast_domain::sync::{Event, PeerMessage, TabInfo};
use holdfast_domain::{Error, Result};

use super::Live;
use super::checked::check_message;
use crate::Notice;
use crate::channel::Channel;
use crate::journal::poke;
use crate::shell::show;

impl Live {
    /// Opens the channel.
    pub(super) fn connect(self: &Rc<Self>) {
        let Some(shell) = self.shell.upgrade() else { return };
        let weak = Rc::downgrade(self);
        let channel = Channel::open(&shell.profile, self.id, move |message| {
            if let Some(live) = weak.upgrade() {
                live.hear(message);
            }
        });
        *self.channel.borrow_mut() = channel;
    }

    /// From now on the journal is what tabs share.
    pub(crate) fn close_channel(&self) {
        self.channel.borrow_mut().take();
    }

    fn hear(self: &Rc<Self>, message: Result<PeerMessage>) {
        let message = match message {
            Ok(message) => message,
            Err(Error::UnsupportedVersion { .. }) => return self.feed(Event::OtherBuild),
            // Not from any build of ours.
            Err(_) => return,
        };
        if let Err(error) = check_message(&message, self.tab) {
            return self.notify(Notice::Refused { error });
        }
        match &message {
            PeerMessage::Hello { .. } => self.announce(),
            PeerMessage::Here(info) => self.hear_of(info.clone()),
            PeerMessage::Bye { tab } => {
                self.presence.borrow_mut().forget(*tab);
                self.show_tabs();
            }
            PeerMessage::Edited { records, .. } if self.note_snapshots(records) => {
                self.with_shown(|shell| shell.show_snapshots());
            }
            PeerMessage::Journaled { records, .. } => {
                self.note_journaled(records);
            }
            PeerMessage::Settled { acked, .. } => self.forget_acked(acked),
            _ => {}
        }
        let tells_of_tabs = matches!(message, PeerMessage::Here(_) | PeerMessage::Bye { .. });
        self.feed(Event::Peer(message));
        if tells_of_tabs {
            self.lead_or_follow();
        }
    }

    /// Says something to the siblings; without a channel, that there is something to read.
    pub(super) fn say(&self, message: &PeerMessage) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.send(message);
            return;
        }
        let tells_of_journal =
            matches!(message, PeerMessage::Journaled { .. } | PeerMessage::Settled { .. });
        if let Some(shell) = self.shell.upgrade().filter(|_| tells_of_journal) {
            poke(&shell.profile, self.id, self.tab, self.now_ms());
        }
    }

    /// Asks a sibling, or all, for what this tab does not have.
    pub(super) fn say_hello(&self, to: Option<TabId>) {
        let state_vector = self.context.borrow().state_vector();
        let ungiven = self.engine.borrow().is_ungiven();
        self.say(&PeerMessage::Hello { tab: self.tab, to, state_vector, ungiven });
    }

    pub(super) fn say_bye(&self) {
        self.say(&PeerMessage::Bye { tab: self.tab });
    }

    /// Tells where this tab is; a session that it does not show has no tab here.
    pub(super) fn announce(&self) {
        if self.with_shown(|_| ()).is_none() {
            return;
        }
        let me = self.presence.borrow_mut().tell(self.now_ms());
        self.say(&PeerMessage::Here(me));
        self.show_tabs();
    }

    /// Changes what this tab tells about itself.
    pub(crate) fn change_presence(&self, change: impl FnOnce(&mut TabInfo)) {
        let changed = self.presence.borrow_mut().change(change);
        if changed {
            self.announce();
        }
    }

    fn hear_of(&self, info: TabInfo) {
        let gave_way = self.presence.borrow_mut().hear(info, self.now_ms());
        if gave_way {
            self.announce();
        } else {
            self.show_tabs();
        }
    }

    pub(super) fn tick_presence(self: &Rc<Self>) {
        if self.suspended.get() {
            return;
        }
        let dropped = self.presence.borrow_mut().drop_silent(self.now_ms());
        self.lead_or_follow();
        let should_tell = self.presence.borrow().should_tell(self.now_ms());
        if should_tell {
            self.announce();
        } else if dropped {
            self.show_tabs();
        }
    }

    fn show_tabs(&self) {
        let tabs = self.presence.borrow().tabs();
        self.with_shown(|shell| show(shell.signals.tabs, tabs));
    }
}
