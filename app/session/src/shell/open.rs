//! Which session the page opens, at first (SESS-2) and later.

use std::rc::Rc;

use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionState;
use holdfast_domain::{Environment, Error};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Shell, ports, profiles, show};
use crate::browser::{Browser, sleep};
use crate::journal::race;
use crate::live::Live;
use crate::recovery::{Known, Probe, Step};
use crate::sessions::{LocalSession, merged};

/// How long the server may think about what to open.
const ANSWER_MS: u32 = 4_000;

impl Shell {
    /// Opens the first session of the page.
    pub(super) async fn recover(self: Rc<Self>) {
        self.journal.open().await;
        profiles::take_forgotten_away(&self.profile);
        self.read_local().await;
        let known = Known {
            asked: self.options.session,
            kept: ports::kept_session(&self.profile),
            ..Known::default()
        };
        self.clone().find(known).await;
        self.refresh();
        if self.options.sync_on_mount {
            // What reads other sessions would hold up the one that somebody waits for.
            if let Some(live) = self.live() {
                race(live.until(Live::is_ready), sleep(ANSWER_MS)).await;
            }
            self.send_owing();
        }
    }

    /// Opens `asked`, or explains why not and opens the next choice.
    pub(crate) async fn find_and_open(self: Rc<Self>, asked: SessionId) {
        let kept = self.live().map(|live| live.id);
        self.find(Known { asked: Some(asked), kept, ..Known::default() }).await;
    }

    pub(super) async fn find(self: Rc<Self>, mut known: Known) {
        known.asked = known.asked.map(|asked| self.present(asked));
        known.kept = known.kept.map(|kept| self.present(kept));
        let id = loop {
            known.local = merged(&*self.local.borrow(), &[]);
            match known.step() {
                Step::Probe(id) => {
                    let probe = self.probe(id).await;
                    known.probes.push((id, probe));
                }
                Step::List => {
                    let listed = race(self.list(), sleep(ANSWER_MS)).await;
                    known.listed = Some(listed.and_then(Result::ok));
                }
                Step::Open(id) => break id,
                Step::New => break self.make(None),
            }
        };
        if self.ended.get() {
            return;
        }
        if let Some(notice) = known.notice(id) {
            self.signals.notice.set(Some(notice));
        }
        let is_new = self.live().is_none_or(|live| live.id != id);
        if is_new {
            self.show_session(id);
        }
    }

    async fn probe(&self, id: SessionId) -> Probe {
        let Some(transport) = &self.transport else { return Probe::Unreachable };
        // Not its content: that of a large one takes longer than a person waits to learn that it is there.
        match race(transport.session(id), sleep(ANSWER_MS)).await {
            Some(Ok(summary)) => {
                self.keep_local(LocalSession::met(summary));
                Probe::Found
            }
            Some(Err(Error::Gone { until_ms })) => Probe::Gone { until_ms },
            Some(Err(Error::NotFound | Error::InvalidId)) => Probe::NotFound,
            _ => Probe::Unreachable,
        }
    }

    /// Makes a session on this device; the server learns of it with its first edit.
    pub(crate) fn make(&self, name: Option<String>) -> SessionId {
        let id = SessionId::generate(&Browser);
        let name = name
            .and_then(|name| holdfast_domain::session::check_name(&name).ok())
            .unwrap_or_else(|| self.options.default_name.clone());
        self.keep_local(LocalSession::new(id, name, Browser.now_ms()));
        id
    }

    /// Opens a session that is here or on the server.
    pub(crate) fn show_session(self: &Rc<Self>, id: SessionId) {
        let now_ms = Browser.now_ms();
        let listed = self.listed.borrow().iter().find(|session| session.id == id).cloned();
        let local = self.local(id).or_else(|| listed.map(LocalSession::met));
        let mut local = local
            .unwrap_or_else(|| LocalSession::new(id, self.options.default_name.clone(), now_ms));
        local.summary.active_at_ms = now_ms;
        self.keep_local(local.clone());
        ports::keep_session(&self.profile, id);

        let early = std::mem::take(&mut *self.early.borrow_mut());
        let live = Live::new(self, &local, early);
        let before = self.live.borrow_mut().replace(live.clone());
        if let Some(before) = before {
            spawn_local(self.let_go(before));
        }
        self.views.borrow_mut().clear();
        self.snapshots.borrow_mut().clear();
        let signals = self.signals;
        show(signals.loading, true);
        show(signals.id, Some(id));
        show(signals.name, local.summary.name);
        show(signals.state, local.summary.state);
        show(signals.tab, Some(live.tab));
        show(signals.leads, false);
        show(signals.snapshots, Vec::new());
        show(signals.snapshots_read, None);
        show(signals.jobs, Vec::new());
        show(signals.jobs_read, None);
        show(signals.error, None);
        if local.summary.state == SessionState::Active {
            self.show_sessions();
        }
        signals.version.update(|version| *version += 1);
        self.reactive.notify_all();
        if local.on_server {
            // Opening it is using it (SESS-1).
            live.when_ready(Box::new(Live::touch));
        }
        spawn_local(live.open());
        self.watch_shown();
        self.refresh_jobs();
        self.refresh_snapshots();
    }
}
