//! What the indicator says, and nothing else than what is true (CTX-7).

use serde::{Deserialize, Serialize};

/// Where the journal is kept (CTX-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageTier {
    /// IndexedDB: a completed transaction survives the killed browser.
    #[default]
    IndexedDb,
    /// localStorage: on disk only some seconds later, so the server is told at once.
    LocalStorage,
    /// Memory only: gone with the page. The warning stays visible.
    Memory,
}

/// The five states of the indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SaveStatus {
    /// The journal has not confirmed the newest change yet.
    Saving {
        /// Changes the server has not acknowledged.
        waiting: u32,
    },
    /// Everything is in the journal, the server has not acknowledged `waiting` changes.
    OnDevice {
        /// Changes the server has not acknowledged.
        waiting: u32,
        /// When the newest was journaled, milliseconds since the Unix epoch.
        at_ms: i64,
    },
    /// The server committed and acknowledged everything.
    Saved {
        /// When; `None` where nothing was ever to be saved.
        at_ms: Option<i64>,
    },
    /// As `OnDevice`, and the server cannot be reached.
    Offline {
        /// Changes the server has not acknowledged.
        waiting: u32,
        /// When the newest was journaled, milliseconds since the Unix epoch; `None`: none waits.
        at_ms: Option<i64>,
    },
    /// Some change is neither on this device nor on the server, or the server refuses it.
    NotSaved {
        /// Changes the server has not acknowledged.
        waiting: u32,
        /// In words for the person: what happened and what is safe.
        reason: String,
        /// The stable code of the cause, for example `storage_full`.
        code: String,
    },
}
