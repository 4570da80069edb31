//! A browser as the server sees it: a document, what it has not got acknowledged, and how far it
//! has the log.

use holdfast_backend::{Backend, SystemEnvironment, Visitor};
use holdfast_domain::id::{BatchId, SessionId, SnapshotId};
use holdfast_domain::session::SessionMeta;
use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest};
use holdfast_domain::wire::{News, Position, SaveItem, SaveOutcome, SaveReply, SaveRequest};
use holdfast_domain::{Context, Environment, Result};
use serde_json::Value;

pub(crate) struct Device {
    pub(crate) visitor: Visitor,
    pub(crate) session: SessionId,
    pub(crate) context: Context,
    pub(crate) pending: Vec<SaveItem>,
    pub(crate) have: Option<Position>,
    /// With it a save creates the session.
    pub(crate) create: bool,
}

impl Device {
    /// One with a new session.
    pub(crate) fn new(visitor: &Visitor) -> Self {
        Self::of(visitor, SessionId::generate(&SystemEnvironment), true)
    }

    /// Another one for the same session.
    pub(crate) fn beside(&self) -> Self {
        Self::of(&self.visitor, self.session, false)
    }

    /// Another one with the same session that creates it too, with a change of its own.
    pub(crate) fn beside_creating(&self) -> Self {
        let mut device = Self::of(&self.visitor, self.session, true);
        device.edit(serde_json::json!({"beside": true}));
        device
    }

    fn of(visitor: &Visitor, session: SessionId, create: bool) -> Self {
        Self {
            visitor: visitor.clone(),
            session,
            context: Context::new(SystemEnvironment.client_id()),
            pending: Vec::new(),
            have: None,
            create,
        }
    }

    /// A person changes something.
    pub(crate) fn edit(&mut self, patch: Value) {
        let updates = self.context.patch(&patch).unwrap();
        self.pending.extend(updates.into_iter().map(SaveItem::Update));
    }

    /// A person writes a text.
    pub(crate) fn write(&mut self, path: &str, text: &str) {
        let updates = self.context.set_text(&path.parse().unwrap(), text).unwrap();
        self.pending.extend(updates.into_iter().map(SaveItem::Update));
    }

    /// A person takes a snapshot.
    pub(crate) fn snapshot(&mut self, name: &str) -> SnapshotId {
        let request = snapshot_request(name);
        let id = request.id;
        self.pending.push(SaveItem::Snapshot(request));
        id
    }

    pub(crate) fn json(&self) -> Value {
        self.context.to_json()
    }

    /// The request that the next save sends.
    pub(crate) fn request(&self) -> SaveRequest {
        SaveRequest {
            session: self.session,
            batch: BatchId::generate(&SystemEnvironment),
            items: self.pending.clone(),
            have: self.have,
            create: self
                .create
                .then(|| SessionMeta { name: "My session".into(), created_at_ms: 1 }),
            rename: false,
            active: !self.pending.is_empty(),
            want_state_vector: false,
        }
    }

    /// Takes in what a reply brings, and asks for the rest.
    pub(crate) async fn take(&mut self, backend: &Backend, news: News) {
        let mut news = news;
        loop {
            for of_log in &news.updates {
                self.context.apply(&of_log.update).unwrap();
            }
            self.have = Some(news.position);
            if !news.more {
                return;
            }
            let pull = SaveRequest { items: vec![], create: None, ..self.request() };
            let pull = SaveRequest { active: false, ..pull };
            news = backend.save(&self.visitor, pull).await.unwrap().news;
        }
    }

    /// One exchange.
    pub(crate) async fn exchange(&mut self, backend: &Backend) -> Result<SaveReply> {
        let reply = backend.save(&self.visitor, self.request()).await?;
        if reply.outcome == SaveOutcome::Acked {
            self.pending.clear();
        }
        self.take(backend, reply.news.clone()).await;
        Ok(reply)
    }

    /// Exchanges until everything is acknowledged, sending the whole difference where the server
    /// asks for it: what the sync engine does.
    pub(crate) async fn sync(&mut self, backend: &Backend) {
        let reply = self.exchange(backend).await.unwrap();
        if let Some(state_vector) = reply.news.state_vector {
            let difference = self.context.difference(&state_vector.0).unwrap();
            self.pending = vec![SaveItem::Update(difference)];
            let reply = self.exchange(backend).await.unwrap();
            assert_eq!(reply.outcome, SaveOutcome::Acked);
        } else {
            assert_eq!(reply.outcome, SaveOutcome::Acked);
        }
    }

    /// Starts again with an empty document.
    pub(crate) async fn load(&mut self, backend: &Backend) {
        self.context = Context::new(SystemEnvironment.client_id());
        self.have = None;
        let news = backend.load(&self.visitor, self.session).await.unwrap();
        self.take(backend, news).await;
    }
}

pub(crate) fn snapshot_request(name: &str) -> SnapshotRequest {
    SnapshotRequest {
        id: SnapshotId::generate(&SystemEnvironment),
        name: name.into(),
        kind: SnapshotKind::Manual,
        // A clock far ahead: it counts as now.
        at_ms: i64::MAX,
    }
}
