//! What every part of the backend works on.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use holdfast_domain::Environment;
use holdfast_domain::id::{IncarnationId, SessionId};

use uuid::Uuid;

use crate::Settings;
use crate::accounts::Passwords;
use crate::creations::Creations;
use crate::database::Database;
use crate::documents::Documents;
use crate::keyring::Keyring;
use crate::locations::Locations;
use crate::log::Heads;

/// The database with its keys and caches.
pub(crate) struct Store {
    pub(crate) database: Database,
    pub(crate) keyring: Keyring,
    pub(crate) environment: Arc<dyn Environment>,
    pub(crate) settings: Settings,
    pub(crate) heads: Heads,
    pub(crate) documents: Documents,
    pub(crate) token_key: [u8; 32],
    pub(crate) shared_key: [u8; 32],
    pub(crate) email_key: [u8; 32],
    pub(crate) audit_key: [u8; 32],
    pub(crate) passwords: Passwords,
    pub(crate) creations: Creations,
    pub(crate) locations: Locations,
    /// Names destroyed sessions without their ids.
    pub(crate) destroyed_key: [u8; 32],
    /// This process, for others on the same database.
    pub(crate) node: Uuid,
    pub(crate) incarnation: RwLock<IncarnationId>,
    /// A client showed since the start that the database is an older copy.
    pub(crate) restored: AtomicBool,
    pub(crate) damaged: Arc<Damaged>,
}

impl Store {
    pub(crate) fn incarnation(&self) -> IncarnationId {
        *self.incarnation.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a stored part cannot be read (SYNC-7). Reported once; what was computed with it
    /// is forgotten, so that it is computed again without it.
    pub(crate) fn set_aside(&self, session: SessionId, table: &'static str, id: &str) {
        if self.damaged.note(table, id) {
            tracing::error!(%session, table, id, "a stored part is damaged and was set aside");
            self.heads.forget(session);
            self.documents.forget(session);
        }
    }
}

/// The stored parts that were found damaged since the start.
#[derive(Default)]
pub(crate) struct Damaged {
    count: AtomicU64,
    seen: Mutex<BTreeSet<(&'static str, String)>>,
}

impl Damaged {
    /// Whether it is seen for the first time.
    fn note(&self, table: &'static str, id: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let first = seen.insert((table, id.to_owned()));
        if first {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        first
    }

    /// Notes one that belongs to no session. Reported once.
    pub(crate) fn report(&self, table: &'static str, id: &str) {
        if self.note(table, id) {
            tracing::error!(table, id, "a stored part is damaged");
        }
    }

    /// Table and row of each.
    pub(crate) fn all(&self) -> Vec<(&'static str, String)> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}
