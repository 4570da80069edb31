//! The sync engine: what one tab does to keep a session, without IO. Events in, effects out.
//!
//! A thin shell (the browser's session layer, or the simulation) feeds [`Engine::handle`] and carries
//! out the returned effects in order. The engine never sees a clock, a socket, a store or the
//! document itself: time comes with each event, updates are bytes.
//!
//! One engine per tab. All tabs of a browser share one journal and one channel; one of them, the
//! leader, speaks with the server for all. Because updates are idempotent and the server keeps each
//! exactly once, two leaders at the same time do no harm.

mod backoff;
mod engine;
mod peer;
mod progress;
mod status;

pub use backoff::Backoff;
pub use engine::{Engine, EngineOptions};
pub use peer::{PeerMessage, TabInfo};
pub use progress::settled_position;
pub use status::{SaveStatus, StorageTier};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::id::{BatchId, TabId};
use crate::session::SessionMeta;
use crate::snapshot::SnapshotRequest;
use crate::wire::{Position, SaveReply, SaveRequest};

/// Names one journal record: the page load that made it and a number that only grows in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId {
    /// The page load.
    pub tab: TabId,
    /// 1, 2, 3, ...
    pub number: u64,
}

/// What a journal record carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordBody {
    /// A Yjs update (encoding version 1).
    Update(Vec<u8>),
    /// A snapshot of everything journaled before it.
    Snapshot(SnapshotRequest),
}

/// A change of this browser that the server has not acknowledged yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRecord {
    /// Its name; also its key in the journal.
    pub id: RecordId,
    /// When it was made on the device, milliseconds since the Unix epoch. Orders records of
    /// different tabs for sending; never decides who wins.
    pub at_ms: i64,
    /// The change.
    pub body: RecordBody,
}

impl JournalRecord {
    /// Its update, where it is one.
    pub fn update(&self) -> Option<&[u8]> {
        match &self.body {
            RecordBody::Update(update) => Some(update),
            RecordBody::Snapshot(_) => None,
        }
    }
}

/// What the journal held when the tab opened, apart from the document itself (which the shell
/// builds from base, saved and pending updates together).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalState {
    /// Not yet acknowledged, of all tabs of this browser.
    pub pending: Vec<JournalRecord>,
    /// How far the stored document has the server's log.
    pub position: Option<Position>,
    /// Some update in the document waits for one that is not here.
    pub waits: bool,
}

/// Why something is saved at once instead of at the next interval (CTX-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// The interval decides.
    Routine,
    /// At once: snapshot, restore, share, reset, status, sign-out, the person asked.
    AtOnce,
    /// At once and with a keepalive request: the page is being hidden or left.
    Leaving,
}

/// Why a request brought no [`SaveReply`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The network is not there, the server does not answer, or the answer never came.
    Unreachable,
    /// Something answered that is not this server (HTML from a proxy, a captive portal).
    UnexpectedAnswer,
    /// The server answered with an error. `retry_after_ms` is what it asked for, if anything.
    Refused {
        /// What it said.
        error: Error,
        /// From `Retry-After`, in milliseconds.
        retry_after_ms: Option<u64>,
    },
}

/// What happens to a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The journal was read; always first.
    Opened {
        /// What was in it.
        journal: JournalState,
        /// Where it is kept.
        tier: StorageTier,
    },
    /// The person (or the embedding page) changed something: these updates were made.
    Edited {
        /// Each becomes one journal record.
        bodies: Vec<RecordBody>,
        /// Routine for keystrokes.
        urgency: Urgency,
    },
    /// The store completed the transactions of these records: they are on this device.
    Journaled(Vec<RecordId>),
    /// The store refused these records; they stay in memory and are appended again.
    JournalFailed(Vec<RecordId>),
    /// The session has another name now: with that one it is created, where the server does not have it yet.
    Renamed(String),
    /// The journal moved to another store, or back. The engine appends what is pending again, so that the
    /// new store is complete by itself.
    TierChanged(StorageTier),
    /// What a store held that was not read before is in the document now, and perhaps nowhere else.
    Merged,
    /// Something that had waited in the document for something else has come into it.
    Unblocked,
    /// A sibling tab said something.
    Peer(PeerMessage),
    /// This tab holds the leader's lock. `pending` is the journal read again after getting it. May
    /// be said again whenever the journal was read again.
    Leading {
        /// Every unacknowledged record, own and siblings'.
        pending: Vec<JournalRecord>,
        /// Some update in the document waits for one that is not here.
        waits: bool,
    },
    /// Another tab took the lock.
    Following,
    /// An [`Effect::Exchange`] ended.
    Exchanged {
        /// The batch of its request: the end of one that another took over means nothing.
        batch: BatchId,
        /// What it brought.
        result: Result<SaveReply, TransportError>,
    },
    /// The answer to [`Effect::Difference`].
    Difference {
        /// Everything the document has beyond the server's state vector, and its whole delete set.
        /// The whole document where the vector could not be read.
        update: Vec<u8>,
        /// No update waits in the document for one that it builds on.
        complete: bool,
    },
    /// The server said, without being asked, that its log has come to this row: whoever is behind it pulls.
    Told(i64),
    /// Save now, for example because the person asked.
    Save(Urgency),
    /// The browser believes the network is back.
    Online,
    /// The browser says the network is gone.
    Offline,
    /// The page became visible: send and pull at once.
    Visible,
    /// The page was hidden or is being left.
    Hidden,
    /// The person wants a session the server no longer knows to be created there again.
    CreateAgain {
        /// As it is known on this device.
        create: SessionMeta,
    },
    /// A sibling of another build spoke, or the journal holds its records (TAB-6).
    OtherBuild,
    /// The interval setting changed, milliseconds.
    IntervalChanged(i64),
    /// A person did something that changes nothing.
    Touched,
    /// Nothing but time: [`Engine::wake_at_ms`] has come.
    Tick,
}

/// What the shell must do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Append to the journal, one transaction, committed explicitly; then say
    /// [`Event::Journaled`] or [`Event::JournalFailed`].
    Append(Vec<JournalRecord>),
    /// These records are acknowledged (keep their updates as saved) and these updates are saved too; only
    /// when all of them are stored the stored position becomes what [`settled_position`] says. Nothing may
    /// be missing where it breaks off.
    Settle {
        /// Acknowledged; may be unknown to the journal already.
        acked: Vec<RecordId>,
        /// What the server has and the journal perhaps not.
        received: Vec<Vec<u8>>,
        /// From where on `received` is complete; `None`: from the beginning.
        since: Option<Position>,
        /// Where a document is that was at `since` and takes all this in; `None`: leave the stored
        /// position as it is.
        position: Option<Position>,
    },
    /// Read from the journal what is pending, of all tabs, and answer [`Event::Leading`] with it.
    ReadJournal,
    /// Apply to the document. Already-known updates change nothing.
    Apply {
        /// The update.
        update: Vec<u8>,
        /// Whose it is.
        origin: ChangeOrigin,
    },
    /// Say to the sibling tabs.
    Broadcast(PeerMessage),
    /// Send to the server; answer with [`Event::Exchanged`]. One at a time, save that a keepalive
    /// request does not wait for the one under way, which may end with the page.
    Exchange {
        /// What to send.
        request: SaveRequest,
        /// The page is being hidden: use a keepalive request.
        keepalive: bool,
    },
    /// Take into the document what the journal has, and encode its difference to this state vector; answer
    /// [`Event::Difference`].
    Difference {
        /// Yjs encoding version 1.
        state_vector: Vec<u8>,
    },
    /// Send [`PeerMessage::Hello`] with the document's state vector and [`Engine::is_ungiven`].
    SayHello {
        /// The sibling that is asked; `None`: all.
        to: Option<TabId>,
    },
    /// Send the document's difference to `state_vector`, and what waits in it for something else, to the
    /// sibling that asked, as [`PeerMessage::State`] with the rest as it is here.
    TellState {
        /// The tab that asked.
        to: TabId,
        /// What it has.
        state_vector: Vec<u8>,
        /// How far the document has the server's log.
        position: Option<Position>,
        /// What of the document is not on the server, and in no journal or perhaps not known to that tab.
        records: Vec<JournalRecord>,
        /// The document perhaps has what no tab gave to the server.
        ungiven: bool,
    },
    /// Steal the leader's lock: the leader does not answer (TAB-5).
    TakeLead,
    /// The indicator changed.
    Show(SaveStatus),
    /// The server does not know this session any more, though it once acknowledged changes of it:
    /// offer to create it again.
    OfferCreateAgain,
    /// The session's name or state as the server has it.
    Describe {
        /// Name.
        name: String,
        /// State.
        state: crate::session::SessionState,
    },
    /// A sibling runs another build: ask for one reload, once (TAB-6).
    OfferReload,
}

/// Whose change it is (CTX-9 `on_change`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOrigin {
    /// Made in this tab.
    ThisTab,
    /// Made in another tab of this browser.
    OtherTab,
    /// Made on another device or by the server.
    OtherDevice,
    /// A restore, or the undo of one.
    Restore,
    /// Read from the journal on opening.
    Journal,
}
