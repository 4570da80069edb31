//! One open session: its document, its sync engine, and what carries out the engine's effects.
//!
//! Everything runs in one thread. Events are queued and handled one by one; nothing is borrowed
//! while an effect, a signal or a callback runs, so any of them may edit, switch or close.

mod checked;
mod editing;
mod effects;
mod leading;
mod leaving;
mod opening;
mod peers;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::rc::{Rc, Weak};
use std::task::Waker;

use gloo_timers::callback::Timeout;
use holdfast_domain::Environment;
use holdfast_domain::context::{Context, Path};
use holdfast_domain::id::{SessionId, TabId};
use holdfast_domain::session::SessionMeta;
use holdfast_domain::snapshot::SnapshotRequest;
use holdfast_domain::sync::{
    Engine, EngineOptions, Event, JournalRecord, RecordBody, RecordId, SaveStatus,
};

use self::leading::Lead;
pub(crate) use self::leading::lead_lock;
use crate::browser::Browser;
use crate::channel::Channel;
use crate::journal::Settlement;
use crate::panic::is_dead;
use crate::presence::Presence;
use crate::sessions::LocalSession;
use crate::shell::{Shell, show};

/// An edit that waits until the session is read.
pub(crate) type Edit = Box<dyn FnOnce(&Rc<Live>)>;

/// One open session of this page.
pub(crate) struct Live {
    pub(crate) id: SessionId,
    /// New for each opening: the numbers of its records start again.
    pub(crate) tab: TabId,
    shell: Weak<Shell>,
    context: RefCell<Context>,
    engine: RefCell<Engine>,
    queue: RefCell<VecDeque<Event>>,
    /// An event is being handled, or the journal is not read yet.
    busy: Cell<bool>,
    /// The journal was read, and the engine told.
    opened: Cell<bool>,
    /// Counts openings: one that another overtook ends.
    openings: Cell<u64>,
    /// The journal and the siblings' state are in: the document may be edited.
    ready: Cell<bool>,
    /// What is edited right now was made before this page knew what the session is.
    made_before: Cell<bool>,
    /// Hidden away by the browser: channel and lock are given up.
    suspended: Cell<bool>,
    edits: RefCell<Vec<Edit>>,
    /// The document that this one goes on from, until it is ready.
    before: RefCell<Option<Rc<Live>>>,
    channel: RefCell<Option<Channel>>,
    presence: RefCell<Presence>,
    lead: Lead,
    /// The last move of the journal of which the engine was told.
    moves: Cell<u64>,
    /// What the engine wants to be shown.
    status: RefCell<Option<SaveStatus>>,
    /// The server could not be reached when that was last known.
    offline: Cell<bool>,
    wake: RefCell<Option<(i64, Timeout)>>,
    exchanges: Cell<u64>,
    in_flight: Cell<bool>,
    settlements: Cell<u64>,
    /// What the journal is still to settle, and whether it is at it.
    settling: RefCell<VecDeque<Settlement>>,
    is_settling: Cell<bool>,
    /// Appends that the store has not completed.
    appending: Cell<u32>,
    /// Records that the journal holds, as far as this tab knows.
    journaled: RefCell<BTreeSet<RecordId>>,
    /// Snapshots that the server does not have yet, in the order in which they were asked for.
    snapshots: RefCell<Vec<(RecordId, SnapshotRequest)>>,
    /// Snapshots that the server took since its list was asked for.
    taken: RefCell<Vec<SnapshotRequest>>,
    wakers: RefCell<Vec<Waker>>,
    /// Reading the journal again; `true`: once more after that.
    reading: Cell<Option<bool>>,
    warned: RefCell<Vec<Path>>,
}

impl Live {
    /// Not open yet; edits wait.
    pub(crate) fn new(shell: &Rc<Shell>, session: &LocalSession, edits: Vec<Edit>) -> Rc<Self> {
        let summary = &session.summary;
        let tab = TabId::generate(&Browser);
        let mut seed = [0; 8];
        Browser.fill_random(&mut seed);
        let create = (!session.on_server).then(|| meta_of(session));
        let engine = Engine::new(EngineOptions {
            session: summary.id,
            tab,
            autosave_interval_ms: shell.options.autosave_interval_ms(),
            seed: u64::from_le_bytes(seed),
            create,
        });
        let visible = crate::browser::is_visible();
        let presence = Presence::new(tab, crate::shell::label(), visible, Browser.now_ms());
        Rc::new(Self {
            id: summary.id,
            tab,
            shell: Rc::downgrade(shell),
            context: RefCell::new(Context::new(Browser.client_id())),
            engine: RefCell::new(engine),
            queue: RefCell::default(),
            busy: Cell::new(true),
            opened: Cell::new(false),
            openings: Cell::new(0),
            ready: Cell::new(false),
            made_before: Cell::new(false),
            suspended: Cell::new(false),
            edits: RefCell::new(edits),
            before: RefCell::default(),
            channel: RefCell::default(),
            presence: RefCell::new(presence),
            lead: Lead::default(),
            moves: Cell::new(shell.journal.moves()),
            status: RefCell::default(),
            offline: Cell::default(),
            wake: RefCell::default(),
            exchanges: Cell::new(0),
            in_flight: Cell::new(false),
            settlements: Cell::new(0),
            settling: RefCell::default(),
            is_settling: Cell::new(false),
            appending: Cell::new(0),
            journaled: RefCell::default(),
            snapshots: RefCell::default(),
            taken: RefCell::default(),
            wakers: RefCell::default(),
            reading: Cell::new(None),
            warned: RefCell::default(),
        })
    }

    /// Hands an event to the engine and carries out what it says, now or when what runs is done.
    pub(crate) fn feed(self: &Rc<Self>, event: Event) {
        if is_dead() {
            return;
        }
        self.queue.borrow_mut().push_back(event);
        if !self.busy.get() {
            self.drain();
        }
    }

    fn drain(self: &Rc<Self>) {
        self.busy.set(true);
        while let Some(event) = self.next_event() {
            let effects = self.engine.borrow_mut().handle(Browser.now_ms(), event);
            for effect in effects {
                self.perform(effect);
            }
        }
        self.busy.set(false);
        self.show_leading();
        self.set_alarm();
        self.wake_all();
    }

    fn next_event(&self) -> Option<Event> {
        // After a panic nothing is known to be whole; what is shown must stay as it is.
        if is_dead() { None } else { self.queue.borrow_mut().pop_front() }
    }

    fn show_leading(&self) {
        let leads = self.engine.borrow().leads();
        self.with_shown(|shell| show(shell.signals.leads, leads));
    }

    /// Has the engine woken when it wants to be.
    fn set_alarm(self: &Rc<Self>) {
        // What is due stays due: it would ring without end.
        if is_dead() {
            self.wake.borrow_mut().take();
            return;
        }
        let at_ms = self.engine.borrow().wake_at_ms();
        let set_for = self.wake.borrow().as_ref().map(|(at_ms, _)| *at_ms);
        if at_ms == set_for {
            return;
        }
        let alarm = at_ms.map(|at_ms| {
            let delay_ms = at_ms.saturating_sub(Browser.now_ms()).clamp(0, i64::from(i32::MAX));
            let weak = Rc::downgrade(self);
            let timeout = Timeout::new(u32::try_from(delay_ms).unwrap_or(0), move || {
                if let Some(live) = weak.upgrade() {
                    // A timer may fire a little early; the alarm is set anew either way.
                    let rung = live.wake.borrow_mut().take();
                    live.feed(Event::Tick);
                    drop(rung);
                }
            });
            (at_ms, timeout)
        });
        *self.wake.borrow_mut() = alarm;
    }

    /// Does something with the shell where the page shows this session.
    fn with_shown<T>(&self, act: impl FnOnce(&Rc<Shell>) -> T) -> Option<T> {
        let shell = self.shell.upgrade()?;
        shell.shows(self).then(|| act(&shell))
    }

    /// Says where the journal is, where it moved.
    pub(crate) fn tell_tier(self: &Rc<Self>) {
        // It is told with the opening.
        let Some(shell) = self.shell.upgrade().filter(|_| self.opened.get()) else { return };
        let moves = shell.journal.moves();
        if self.moves.replace(moves) != moves {
            let tier = shell.journal.tier();
            // What another store held says nothing about this one.
            self.journaled.borrow_mut().clear();
            self.with_shown(|shell| show(shell.signals.tier, tier));
            self.feed(Event::TierChanged(tier));
        }
    }

    /// Housekeeping.
    pub(crate) fn tick(self: &Rc<Self>) {
        self.tell_tier();
        self.tick_presence();
        if crate::browser::is_visible() {
            self.read_again_without_channel();
        }
        self.compact_if_due();
    }

    /// Without a channel the journal is what tabs share (TAB-4).
    pub(crate) fn read_again_without_channel(self: &Rc<Self>) {
        let has_channel = self.channel.borrow().is_some();
        if !has_channel {
            self.read_again_soon();
        }
    }

    /// Another tab wrote into the journal.
    pub(crate) fn read_again_soon(self: &Rc<Self>) {
        if !self.ready.get() || self.suspended.get() {
            return;
        }
        // A sibling that types calls with every key; reading takes its time.
        if self.reading.get().is_some() {
            self.reading.set(Some(true));
            return;
        }
        let live = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            loop {
                live.reading.set(Some(false));
                live.read_again().await;
                if live.reading.take() != Some(true) {
                    return;
                }
            }
        });
    }

    fn compact_if_due(&self) {
        let Some(shell) = self.shell.upgrade() else { return };
        if shell.journal.wants_compaction(self.id) {
            let (id, journal) = (self.id, shell.journal.clone());
            let lock = format!("holdfast.compact.{}.{id}", shell.profile);
            crate::browser::with_free_lock(&lock, async move { journal.compact(id).await });
        }
    }

    /// Snapshots that the server does not have yet.
    pub(crate) fn waiting_snapshots(&self) -> Vec<SnapshotRequest> {
        self.snapshots.borrow().iter().map(|(_, request)| request.clone()).collect()
    }

    /// Snapshots that the server has and its list, as it was read last, perhaps not.
    pub(crate) fn taken_snapshots(&self) -> Vec<SnapshotRequest> {
        self.taken.borrow().clone()
    }

    /// The server's list was asked for when it had taken these.
    pub(crate) fn note_listed(&self, taken: &[SnapshotRequest]) {
        self.taken.borrow_mut().retain(|request| !taken.contains(request));
    }

    /// Takes note of the snapshots among these records; whether there are new ones.
    fn note_snapshots(&self, records: &[JournalRecord]) -> bool {
        let mut snapshots = self.snapshots.borrow_mut();
        let before = snapshots.len();
        for record in records {
            if let RecordBody::Snapshot(request) = &record.body
                && !snapshots.iter().any(|(id, _)| *id == record.id)
            {
                snapshots.push((record.id, request.clone()));
            }
        }
        snapshots.len() > before
    }

    /// Takes note that the journal holds these.
    fn note_journaled<'a>(&self, ids: impl IntoIterator<Item = &'a RecordId>) {
        self.journaled.borrow_mut().extend(ids);
    }
}

/// Enough to create the session on the server.
pub(crate) fn meta_of(session: &LocalSession) -> SessionMeta {
    let summary = &session.summary;
    SessionMeta { name: summary.name.clone(), created_at_ms: summary.created_at_ms }
}
