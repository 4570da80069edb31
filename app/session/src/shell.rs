//! The session layer of one page in the browser: what it is made of, and which session is open.

mod events;
mod flushing;
mod gone;
mod jobs;
mod left;
mod life;
mod lost;
mod open;
mod ports;
mod profiles;
mod renewing;
mod server;
mod views;

pub(crate) use ports::{ask_to_persist, keep_label, label, may_offer_reload};
pub(crate) use profiles::{give_to, last, page_of};

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use gloo_timers::callback::Interval;
use holdfast_domain::Environment;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_domain::sync::SaveStatus;
use holdfast_domain::wire;
use leptos::prelude::*;

use crate::browser::{Browser, HeldLock, Listener, spawn_now};
use crate::events::Relay;
use crate::journal::{Journal, Table};
use crate::latest::Latest;
use crate::lifecycle;
use crate::live::{Edit, Live};
use crate::reactive::Reactive;
use crate::sessions::{LocalSession, merged};
use crate::signals::Signals;
use crate::transport::SharedTransport;
use crate::{SessionOptions, Transport};

/// Housekeeping happens this often, milliseconds; browsers stretch it in hidden tabs.
const TICK_MS: u32 = 5_000;

/// One page's session layer.
pub(crate) struct Shell {
    pub(crate) options: SessionOptions,
    pub(crate) signals: Signals,
    pub(crate) profile: String,
    pub(crate) journal: Rc<Journal>,
    pub(crate) reactive: Reactive,
    transport: Option<Arc<dyn Transport>>,
    relay: OnceCell<Rc<Relay>>,
    live: RefCell<Option<Rc<Live>>>,
    /// Shown before, and not done yet.
    left: RefCell<Vec<Rc<Live>>>,
    /// Lives as long as what waits of other sessions is being sent; whether it is tried once more then.
    sending: RefCell<Weak<Cell<bool>>>,
    /// Sessions of this device that the server does not give to this browser.
    lost: RefCell<Vec<SessionId>>,
    /// It gives this browser none.
    signed_out: Cell<bool>,
    /// They are being created there again.
    creating: Cell<bool>,
    /// It is being looked at what the server says is deleted.
    seeing_gone: Cell<bool>,
    /// Deleted ones that it was asked for.
    asked_for: RefCell<BTreeSet<SessionId>>,
    /// Edits made before it is known which session opens.
    early: RefCell<Vec<Edit>>,
    local: RefCell<Vec<LocalSession>>,
    listed: RefCell<Vec<SessionSummary>>,
    listing: Latest,
    snapshots: RefCell<Vec<SnapshotSummary>>,
    reading_snapshots: Latest,
    reading_jobs: Latest,
    views: RefCell<serde_json::Map<String, serde_json::Value>>,
    listeners: RefCell<Vec<Listener>>,
    tick: OnceCell<Interval>,
    improving: Cell<bool>,
    ended: Cell<bool>,
    /// Held while the page may write into the profile.
    uses_profile: RefCell<Option<HeldLock>>,
}

impl Shell {
    /// Starts it; must run where the transport is in context.
    pub(crate) fn start(options: SessionOptions, signals: Signals) -> Rc<Self> {
        let profile = profiles::profile(page_of(options.page_of));
        // Wanted again, perhaps.
        profiles::remember(&profile);
        let shell = Rc::new(Self {
            journal: Rc::new(ports::journal(&profile)),
            options,
            signals,
            profile,
            reactive: Reactive::default(),
            transport: use_context::<SharedTransport>().map(|shared| shared.0),
            relay: OnceCell::new(),
            live: RefCell::default(),
            left: RefCell::default(),
            sending: RefCell::default(),
            lost: RefCell::default(),
            signed_out: Cell::new(false),
            creating: Cell::new(false),
            seeing_gone: Cell::new(false),
            asked_for: RefCell::default(),
            early: RefCell::default(),
            local: RefCell::default(),
            listed: RefCell::default(),
            listing: Latest::default(),
            snapshots: RefCell::default(),
            reading_snapshots: Latest::default(),
            reading_jobs: Latest::default(),
            views: RefCell::default(),
            listeners: RefCell::default(),
            tick: OnceCell::new(),
            improving: Cell::new(false),
            ended: Cell::new(false),
            uses_profile: RefCell::default(),
        });
        shell.use_profile(true);
        shell.start_relay();
        *shell.listeners.borrow_mut() = lifecycle::listen(&shell);
        let weak = Rc::downgrade(&shell);
        let tick = Interval::new(TICK_MS, move || {
            if let Some(shell) = weak.upgrade() {
                shell.tick();
            }
        });
        shell.tick.set(tick).ok();
        // The signals stay as they were rendered until this task is over: what they say then is
        // no part of what is hydrated.
        wasm_bindgen_futures::spawn_local(shell.clone().recover());
        shell
    }

    /// The page has no use for it any more.
    pub(crate) fn end(&self) {
        self.ended.set(true);
        self.listeners.borrow_mut().clear();
        self.use_profile(false);
        if let Some(relay) = self.relay.get() {
            relay.suspend();
        }
        for live in self.lives() {
            live.suspend();
        }
        self.live.borrow_mut().take();
    }

    /// The open session.
    pub(crate) fn live(&self) -> Option<Rc<Live>> {
        self.live.borrow().clone()
    }

    /// Whether this is the session the page shows.
    pub(crate) fn shows(&self, live: &Live) -> bool {
        self.live.borrow().as_ref().is_some_and(|shown| std::ptr::eq(Rc::as_ptr(shown), live))
    }

    /// Shows an error of something that gave no answer.
    pub(crate) fn fail(&self, error: holdfast_domain::Error) {
        self.signals.error.set(Some(error));
    }

    /// Edits the open session, now or as soon as it is read.
    pub(crate) fn edit(&self, edit: Edit) {
        match self.live() {
            Some(live) => live.when_ready(edit),
            None => self.early.borrow_mut().push(edit),
        }
    }

    /// What this device knows of a session.
    pub(crate) fn local(&self, id: SessionId) -> Option<LocalSession> {
        self.local.borrow().iter().find(|local| local.summary.id == id).cloned()
    }

    /// Changes what this device knows of a session, where that is news.
    pub(crate) fn change_local(&self, id: SessionId, change: impl FnOnce(&mut LocalSession)) {
        let changed = {
            let mut local = self.local.borrow_mut();
            let Some(session) = local.iter_mut().find(|local| local.summary.id == id) else {
                return;
            };
            let before = session.clone();
            change(session);
            (*session != before).then(|| session.clone())
        };
        if let Some(session) = changed {
            self.keep_local(session);
        }
    }

    /// Takes a session into the list of this device.
    pub(crate) fn keep_local(&self, session: LocalSession) {
        let id = session.summary.id;
        let bytes = wire::seal(&session);
        self.know(session);
        let journal = self.journal.clone();
        spawn_now(async move {
            journal.put(Table::Sessions, id.to_string(), Some(bytes)).await;
        });
        self.show_sessions();
    }

    /// Takes over what other tabs wrote into the list of this device.
    pub(crate) async fn read_local(&self) {
        for (key, bytes) in self.journal.all(Table::Sessions, "").await {
            // What is being written now is newer than what was read.
            if self.journal.is_being_put(Table::Sessions, &key) {
                continue;
            }
            if let Ok(session) = wire::open(&bytes) {
                self.know(session);
            }
        }
        self.show_sessions();
    }

    /// What the server said of a session since it was asked for its list.
    fn relist(&self, id: SessionId, change: impl FnOnce(&mut SessionSummary)) {
        if let Some(listed) = self.listed.borrow_mut().iter_mut().find(|listed| listed.id == id) {
            change(listed);
        }
    }

    fn know(&self, session: LocalSession) {
        let mut local = self.local.borrow_mut();
        match local.iter_mut().find(|local| local.summary.id == session.summary.id) {
            Some(known) => *known = session,
            None => local.push(session),
        }
    }

    pub(crate) fn show_sessions(&self) {
        let all = merged(&*self.local.borrow(), &self.listed.borrow());
        show(self.signals.sessions, all);
        let Some(live) = self.live() else { return };
        if let Some(session) = self.local(live.id) {
            show(self.signals.name, session.summary.name);
            show(self.signals.state, session.summary.state);
        }
    }

    /// The session's name and state, as the server has them.
    pub(crate) fn describe(self: &Rc<Self>, id: SessionId, name: String, state: SessionState) {
        let now_ms = Browser.now_ms();
        let is_new = self.local(id).is_some_and(|session| !session.on_server);
        self.relist(id, |listed| {
            listed.name.clone_from(&name);
            listed.state = state;
        });
        self.change_local(id, |session| {
            session.on_server = true;
            session.summary.state = state;
            session.summary.updated_at_ms = now_ms;
            session.rename_pending &= session.summary.name != name;
            if !session.rename_pending {
                session.summary.name = name;
            }
        });
        self.show_sessions();
        self.watch_shown();
        self.send_rename(id);
        if is_new && self.live().is_some_and(|live| live.id == id) {
            self.refresh_snapshots();
            self.refresh_jobs();
        }
    }

    fn tick(self: &Rc<Self>) {
        self.improve();
        if let Some(relay) = self.relay.get() {
            relay.tick();
        }
        self.follow_copy();
        profiles::take_forgotten_away(&self.profile);
        for live in self.lives() {
            live.tick();
        }
        if let Some(live) = self.live() {
            let offline = |status: &SaveStatus| matches!(status, SaveStatus::Offline { .. });
            if !self.signals.status.try_with_untracked(offline).unwrap_or(true) {
                self.send_rename(live.id);
            }
        }
    }

    /// Tries whether a better store works again.
    pub(crate) fn improve(self: &Rc<Self>) {
        wasm_bindgen_futures::spawn_local(self.clone().improved());
    }

    /// Has tried whether a better store works again; where it does, it has what the page has.
    async fn improved(self: Rc<Self>) {
        if self.improving.replace(true) {
            return;
        }
        let improved = self.journal.improve().await;
        self.improving.set(false);
        for live in self.lives().into_iter().filter(|_| improved) {
            live.merge().await;
        }
    }
}

/// Writes a signal where its value is another.
pub(crate) fn show<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    let differs = signal.try_with_untracked(|shown| *shown != value).unwrap_or(false);
    if differs {
        signal.set(value);
    }
}
