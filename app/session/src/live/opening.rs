//! From the journal to a document that may be edited, at first and again (CTX-8, TAB-2).

use std::rc::Rc;

use holdfast_domain::Environment;
use holdfast_domain::context::{Changes, Path};
use holdfast_domain::id::TabId;
use holdfast_domain::sync::{
    ChangeOrigin, Event, JournalRecord, JournalState, PeerMessage, SaveStatus, Urgency,
};

use super::leaving::SAVING_MS;
use super::{Edit, Live, lead_lock};
use crate::browser::{Browser, is_visible, is_wanted, sleep};
use crate::journal::{Loaded, Settlement, race};
use crate::shell::show;
use crate::{Change, Notice};

/// Siblings answer within a few milliseconds, if there are any.
const SIBLINGS_MS: u32 = 40;
/// How long the server may take to answer, where editing waits for it.
const SERVER_MS: u32 = 3_000;

impl Live {
    /// Reads the journal, asks the siblings, seeks the lead, and lets editing begin.
    pub(crate) async fn open(self: Rc<Self>) {
        let Some(shell) = self.shell.upgrade() else { return };
        let opening = self.begin();
        // Before reading: what siblings say meanwhile waits in the queue.
        self.connect();
        let siblings = is_wanted(&lead_lock(&shell.profile, self.id));
        let loaded = shell.journal.load(self.id).await;
        shell.read_views(self.id).await;
        if self.openings.get() != opening {
            return;
        }
        let on_server = shell.local(self.id).is_some_and(|session| session.on_server);
        // What is typed belongs into what is there, and of that this device may have nothing.
        let is_elsewhere = on_server && loaded.is_nothing() && shell.options.sync_on_mount;
        self.start_engine(loaded);
        if self.suspended.get() {
            return self.edit_at_last();
        }
        if shell.options.sync_on_mount {
            self.seek_lead();
        }
        self.announce();
        // Each of them has the lead's lock or waits for it, where there are locks.
        if self.channel.borrow().is_some() && siblings.await != Some(false) {
            sleep(SIBLINGS_MS).await;
        }
        let waits = !shell.options.restore_on_mount;
        if waits || is_elsewhere {
            let enough = self.until(|live| live.was_answered() || (!waits && live.was_told()));
            race(enough, sleep(SERVER_MS)).await;
        }
        if self.goes_on(opening) {
            self.become_ready(ChangeOrigin::Journal);
        }
    }

    fn was_answered(&self) -> bool {
        self.exchanges.get() > 0 && !self.exchanging()
    }

    /// Only the leader is answered: the others have it from that one, or hear that there is no server.
    fn was_told(&self) -> bool {
        let engine = self.engine.borrow();
        engine.has_news() || matches!(engine.status(), SaveStatus::Offline { .. })
    }

    fn begin(&self) -> u64 {
        let opening = self.openings.get() + 1;
        self.openings.set(opening);
        opening
    }

    /// Whether the page is still there and no other opening has begun.
    fn goes_on(&self, opening: u64) -> bool {
        self.openings.get() == opening && !self.suspended.get()
    }

    fn start_engine(self: &Rc<Self>, loaded: Loaded) {
        let Some(shell) = self.shell.upgrade() else { return };
        let unread = self.take_in(&loaded).1;
        let damaged = loaded.damaged + unread;
        let newer = loaded.newer;
        self.note_read(&loaded.pending);
        self.moves.set(shell.journal.moves());
        let tier = shell.journal.tier();
        self.with_shown(|shell| show(shell.signals.tier, tier));
        // The server has perhaps what is missing here now.
        let position = loaded.position.filter(|_| unread == 0);
        let waits = self.waits();
        let journal = JournalState { pending: loaded.pending, position, waits };
        self.queue.borrow_mut().push_front(Event::Opened { journal, tier });
        self.opened.set(true);
        self.drain();
        if newer > 0 {
            self.feed(Event::OtherBuild);
        }
        if damaged > 0 {
            self.notify(Notice::Damaged { records: damaged });
        }
    }

    /// From here on the document may be edited; what waited for it is edited first.
    fn become_ready(self: &Rc<Self>, origin: ChangeOrigin) {
        self.ready.set(true);
        if let Some(before) = self.before.take() {
            self.take_over(&before);
        }
        let shown = self.with_shown(|shell| show(shell.signals.loading, false)).is_some();
        if shown {
            self.changed_everywhere(origin);
        }
        self.run_edits();
        self.wake_all();
        if let Some(shell) = self.shell.upgrade().filter(|_| shown) {
            crate::binding::apply_early(&shell, self);
            shell.show_snapshots();
        }
    }

    /// Goes on where another document is: this is the copy of its session.
    pub(crate) fn go_on_from(&self, before: Rc<Self>) {
        self.before.replace(Some(before));
    }

    /// What came into the other one since it was copied becomes an edit here, before anything that builds on it.
    fn take_over(self: &Rc<Self>, before: &Self) {
        let state_vector = self.context.borrow().state_vector();
        let update = before.difference(&state_vector);
        if self.context.borrow_mut().apply(&update).is_ok() {
            self.edited(vec![update], Urgency::Routine);
        }
    }

    /// The page is put away before it became ready: what was typed meanwhile goes into the journal,
    /// once that has been read.
    pub(super) fn edit_at_last(self: &Rc<Self>) {
        if self.opened.get() && !self.ready.get() {
            self.become_ready(ChangeOrigin::Journal);
        }
    }

    fn run_edits(self: &Rc<Self>) {
        let edits = std::mem::take(&mut *self.edits.borrow_mut());
        for edit in edits {
            edit(self);
        }
    }

    /// Edits now, or when the session is read.
    pub(crate) fn when_ready(self: &Rc<Self>, edit: Edit) {
        if self.ready.get() {
            edit(self);
        } else {
            self.edits.borrow_mut().push(edit);
        }
    }

    /// Whether the session is read.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.get()
    }

    /// Applies what the journal holds; what changed, and how many updates were damaged.
    fn take_in(&self, loaded: &Loaded) -> (Changes, u32) {
        self.context.borrow_mut().apply_readable(loaded.all_updates())
    }

    /// Whether some update in the document waits for one that is not here.
    pub(super) fn waits(&self) -> bool {
        !self.context.borrow().waiting().is_empty()
    }

    fn note_read(&self, pending: &[JournalRecord]) {
        self.note_journaled(pending.iter().map(|record| &record.id));
        self.note_snapshots(pending);
    }

    /// Takes in what other tabs wrote into the journal: there is no channel, or this page was
    /// asleep (TAB-4, CTX-6).
    pub(crate) async fn read_again(self: &Rc<Self>) {
        let Some(shell) = self.shell.upgrade().filter(|_| self.opened.get()) else { return };
        self.tell_tier();
        let known = self.journaled.borrow().clone();
        let loaded = shell.journal.load(self.id).await;
        self.tell_tier();
        let (changes, _) = self.take_in(&loaded);
        self.note_read(&loaded.pending);
        if !changes.paths.is_empty() {
            self.changed(ChangeOrigin::OtherTab, &changes);
        }
        // In the words of a sibling: the engine needs no others for it.
        let tab = TabId::from(uuid::Uuid::nil());
        let acked = loaded.acked_of(&known);
        let ids = loaded.pending.iter().map(|record| record.id).collect::<Vec<_>>();
        let theirs: Vec<JournalRecord> =
            loaded.pending.into_iter().filter(|record| record.id.tab != self.tab).collect();
        self.forget_acked(&acked);
        let at_ms = Browser.now_ms();
        if !theirs.is_empty() {
            self.feed(Event::Peer(PeerMessage::Edited { tab, records: theirs }));
            self.feed(Event::Peer(PeerMessage::Journaled { tab, records: ids }));
        }
        let (received, since, position) = (Vec::new(), None, loaded.position);
        if !acked.is_empty() {
            let settled = PeerMessage::Settled { tab, acked, received, since, position, at_ms };
            self.feed(Event::Peer(settled));
        }
        if loaded.newer > 0 {
            self.feed(Event::OtherBuild);
        }
    }

    /// The journal is back in a better store: what that one held is taken in.
    pub(crate) async fn merge(self: &Rc<Self>) {
        self.read_again().await;
        if self.opened.get() {
            self.feed(Event::Merged);
        }
        self.complete_journal().await;
    }

    /// Takes in what was put into the journal from outside of a tab, and tells the siblings.
    pub(crate) async fn bring(self: &Rc<Self>, records: Vec<JournalRecord>) {
        if records.is_empty() {
            return;
        }
        // What is read right now has them or not.
        race(self.until(Self::is_ready), sleep(SAVING_MS)).await;
        self.read_again().await;
        let ids = records.iter().map(|record| record.id).collect();
        self.say(&PeerMessage::Edited { tab: self.tab, records });
        self.say(&PeerMessage::Journaled { tab: self.tab, records: ids });
    }

    /// The page is back: the journal is read before anything is written.
    pub(crate) fn resume(self: &Rc<Self>) {
        if !self.suspended.replace(false) {
            return;
        }
        self.ready.set(false);
        self.with_shown(|shell| show(shell.signals.loading, true));
        let live = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if live.opened.get() { live.open_again().await } else { live.open().await }
        });
    }

    async fn open_again(self: Rc<Self>) {
        let opening = self.begin();
        self.connect();
        self.read_again().await;
        if !self.goes_on(opening) {
            return;
        }
        self.say_hello(None);
        self.announce();
        self.seek_lead();
        if is_visible() {
            self.feed(Event::Visible);
        }
        self.become_ready(ChangeOrigin::OtherTab);
    }

    /// The journal is back in a store that it had left: that one gets what it did not see meanwhile, so
    /// that the session opens from it without a server. What waits for the server it has already.
    async fn complete_journal(&self) {
        let Some(shell) = self.shell.upgrade().filter(|_| self.opened.get()) else { return };
        let loaded = shell.journal.load(self.id).await;
        let missing = loaded.missing_of(&self.context.borrow());
        if let Some(update) = missing.filter(|_| loaded.whole) {
            self.settlements.set(self.settlements.get() + 1);
            let name = format!("{}.s{}", self.tab, self.settlements.get());
            let settlement = Settlement { name, received: vec![update], ..Settlement::default() };
            shell.journal.settle(self.id, settlement).await;
        }
    }

    pub(crate) fn notify(&self, notice: Notice) {
        self.with_shown(|shell| leptos::prelude::Set::set(&shell.signals.notice, Some(notice)));
    }

    /// Some paths changed: whoever depends on them is told.
    pub(crate) fn changed(&self, origin: ChangeOrigin, changes: &Changes) {
        let Some(shell) = self.shell.upgrade().filter(|shell| shell.shows(self)) else { return };
        self.show_undo();
        leptos::prelude::Update::update(&shell.signals.version, |version| *version += 1);
        shell.reactive.notify(changes);
        shell.reactive.tell(&Change { origin, paths: changes.paths.clone() });
    }

    fn changed_everywhere(&self, origin: ChangeOrigin) {
        let Some(shell) = self.shell.upgrade().filter(|shell| shell.shows(self)) else { return };
        self.show_undo();
        leptos::prelude::Update::update(&shell.signals.version, |version| *version += 1);
        shell.reactive.notify_all();
        if shell.reactive.has_callbacks() {
            let paths: Vec<Path> = self.context.borrow().entries().into_keys().collect();
            shell.reactive.tell(&Change { origin, paths });
        }
    }

    fn show_undo(&self) {
        let (undo, redo) = {
            let context = self.context.borrow();
            (context.can_undo(), context.can_redo())
        };
        self.with_shown(|shell| {
            show(shell.signals.can_undo, undo);
            show(shell.signals.can_redo, redo);
        });
    }
}
