//! What sibling tabs say to each other over the channel (TAB-1 to TAB-6). Travels in the envelope
//! of [`crate::wire`], so another build's messages are recognised and never misread.

use serde::{Deserialize, Serialize};

use super::{JournalRecord, RecordId, Urgency};
use crate::id::TabId;
use crate::session::SessionState;
use crate::wire::{LogUpdate, Position, WireError};

/// One message between tabs of one browser and one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeerMessage {
    /// A tab opened, missed something or gathers: those asked answer with [`PeerMessage::State`] and
    /// [`PeerMessage::Here`].
    Hello {
        /// Who.
        tab: TabId,
        /// Who is asked; `None`: all.
        to: Option<TabId>,
        /// Its document's state vector.
        state_vector: Vec<u8>,
        /// Its document perhaps has what no tab gave to the server: the leader asks for that.
        ungiven: bool,
    },
    /// What `to` did not have.
    State {
        /// Who speaks.
        tab: TabId,
        /// Who asked.
        to: TabId,
        /// Yjs updates: the document's difference, and what waits in it for something else.
        updates: Vec<Vec<u8>>,
        /// With it, the one who asked is here.
        position: Option<Position>,
        /// What is in `updates` and not on the server, as far as it is in no journal or perhaps not known yet: who takes
        /// it in does not say *Saved*, and journals it before anything that builds on it.
        records: Vec<JournalRecord>,
        /// The updates perhaps have what no tab gave to the server: the leader gives them.
        ungiven: bool,
    },
    /// New local changes, or old ones that the leader seems not to know.
    Edited {
        /// Who.
        tab: TabId,
        /// The records, as they go into the journal.
        records: Vec<JournalRecord>,
    },
    /// Some of the sender's records are in the journal now.
    Journaled {
        /// Who.
        tab: TabId,
        /// Which.
        records: Vec<RecordId>,
    },
    /// The server acknowledged these and sent those.
    Settled {
        /// The leader.
        tab: TabId,
        /// Acknowledged.
        acked: Vec<RecordId>,
        /// What the server has and a sibling perhaps not.
        received: Vec<LogUpdate>,
        /// From where on `received` is complete; `None`: from the beginning.
        since: Option<Position>,
        /// Where a document is that was at `since` and takes all this in; `None`: nobody knows.
        position: Option<Position>,
        /// When, milliseconds since the Unix epoch.
        at_ms: i64,
    },
    /// Leader, save now.
    Save {
        /// Who asks.
        tab: TabId,
        /// How urgent.
        urgency: Urgency,
    },
    /// The leader lives and does what it was asked.
    Leading {
        /// The leader.
        tab: TabId,
        /// Whether it reaches the server.
        online: bool,
        /// What the server refuses until the person does something.
        problem: Option<WireError>,
        /// How far it has the server's log: who is behind has missed something that it said.
        position: Option<Position>,
        /// What these said is perhaps in their documents only is on the server now.
        given: Vec<TabId>,
    },
    /// The session's name or state changed on the server.
    Described {
        /// The leader.
        tab: TabId,
        /// Name.
        name: String,
        /// State.
        state: SessionState,
    },
    /// A tab tells where it is, on opening, on changes and every 20 s while visible.
    Here(TabInfo),
    /// A tab leaves.
    Bye {
        /// Who.
        tab: TabId,
    },
}

/// A tab as its siblings list it (TAB-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabInfo {
    /// Which.
    pub tab: TabId,
    /// `Tab 2`, or what the person called it.
    pub label: String,
    /// The page it shows, for example `notes`.
    pub place: String,
    /// The path of the field that has the caret.
    pub editing: Option<String>,
    /// When a person last did something there, milliseconds since the Unix epoch.
    pub active_at_ms: i64,
    /// Whether it is visible.
    pub visible: bool,
}
