//! One tab as the server sees it.

use holdfast_backend::SystemEnvironment;
use holdfast_domain::id::{BatchId, SessionId, SnapshotId};
use holdfast_domain::session::SessionMeta;
use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest};
use holdfast_domain::wire::{Position, SaveItem, SaveReply, SaveRequest};
use holdfast_domain::{Context, Environment};
use serde_json::Value;

use super::Guest;

pub(crate) struct Device {
    pub(crate) session: SessionId,
    pub(crate) context: Context,
}

impl Device {
    pub(crate) fn new() -> Self {
        Self::of(SessionId::generate(&SystemEnvironment))
    }

    pub(crate) fn of(session: SessionId) -> Self {
        Self { session, context: Context::new(SystemEnvironment.client_id()) }
    }

    /// A person changes something; the update of it.
    pub(crate) fn edit(&mut self, patch: &Value) -> Vec<u8> {
        let mut updates = self.context.patch(patch).unwrap();
        assert_eq!(updates.len(), 1);
        updates.remove(0)
    }

    /// A save that creates the session where it is not there.
    pub(crate) fn save(&self, updates: impl IntoIterator<Item = Vec<u8>>) -> SaveRequest {
        let items: Vec<SaveItem> = updates.into_iter().map(SaveItem::Update).collect();
        SaveRequest {
            session: self.session,
            batch: BatchId::generate(&SystemEnvironment),
            active: !items.is_empty(),
            items,
            have: None,
            create: Some(SessionMeta { name: "My session".into(), created_at_ms: 1 }),
            rename: false,
            want_state_vector: false,
        }
    }

    /// Asks for what is there; creates nothing.
    pub(crate) fn pull(&self, have: Option<Position>) -> SaveRequest {
        SaveRequest { have, create: None, ..self.save([]) }
    }

    /// Every update of the session's log.
    pub(crate) async fn log(&self, guest: &Guest) -> Vec<Vec<u8>> {
        let (mut log, mut have) = (Vec::new(), None);
        loop {
            let news = guest.save(&self.pull(have)).await.message::<SaveReply>().news;
            log.extend(news.updates.into_iter().map(|of_log| of_log.update));
            if !news.more {
                return log;
            }
            have = Some(news.position);
        }
    }
}

pub(crate) fn snapshot_request(name: &str) -> SnapshotRequest {
    SnapshotRequest {
        id: SnapshotId::generate(&SystemEnvironment),
        name: name.into(),
        kind: SnapshotKind::Manual,
        at_ms: SystemEnvironment.now_ms(),
    }
}
