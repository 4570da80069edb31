//! What happens in a session, as whoever watches it is told: a log in order, which can be read on from any place.

mod cursor;
mod watched;

pub use cursor::EventCursor;
pub use watched::Watched;

use serde::{Deserialize, Serialize};

use crate::id::{SessionId, SnapshotId};
use crate::session::SessionState;

/// One thing that a watcher is told. As JSON the fields of [`EventKind`] stand beside these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionEvent {
    /// Where it happened.
    pub session: SessionId,
    /// Whoever goes on from here misses nothing and hears nothing twice.
    pub cursor: EventCursor,
    /// When, in milliseconds since the Unix epoch by the server's clock.
    pub at_ms: i64,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// The stream begins. Not in the log.
    Opened,
    /// Events before this one are not kept any more: what is known of the session is to be read anew. Not in the
    /// log.
    Gap,
    /// The stream goes on without this session. Not in the log.
    Ended {
        /// Why: the code of an error, `gone` for example.
        code: String,
    },
    /// The context changed; several changes may be told as one. Not in the log, as it follows from that of the
    /// context.
    Context {
        /// The version that it has now.
        version: i64,
    },
    /// The session has another name.
    Renamed {
        /// The name.
        name: String,
    },
    /// The session came into another state.
    State {
        /// The state.
        state: SessionState,
    },
    /// Something became of a snapshot.
    Snapshot {
        /// The snapshot.
        snapshot: SnapshotId,
        /// What.
        change: SnapshotChange,
    },
}

/// What became of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SnapshotChange {
    /// It was taken.
    Taken,
    /// It was pinned, or is pinned no longer.
    Pinned,
    /// It was deleted.
    Deleted,
}

impl EventKind {
    /// The names of all kinds, as their JSON has them.
    pub const NAMES: [&str; 7] =
        ["opened", "gap", "ended", "context", "renamed", "state", "snapshot"];

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Gap => "gap",
            Self::Ended { .. } => "ended",
            Self::Context { .. } => "context",
            Self::Renamed { .. } => "renamed",
            Self::State { .. } => "state",
            Self::Snapshot { .. } => "snapshot",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_3_an_event_says_its_kind_by_the_name_it_is_sent_under() {
        let kinds = [
            EventKind::Opened,
            EventKind::Gap,
            EventKind::Ended { code: "gone".into() },
            EventKind::Context { version: 7 },
            EventKind::Renamed { name: "Lofoten".into() },
            EventKind::State { state: SessionState::Archived },
            EventKind::Snapshot {
                snapshot: SnapshotId::from(uuid::Uuid::nil()),
                change: SnapshotChange::Taken,
            },
        ];
        let names = kinds.each_ref().map(EventKind::name);
        assert_eq!(names, EventKind::NAMES);
        for kind in kinds {
            let event = SessionEvent {
                session: SessionId::from(uuid::Uuid::nil()),
                cursor: EventCursor { seq: 3, context: 9, incarnation: 0xab },
                at_ms: 1,
                kind,
            };
            let json = serde_json::to_value(&event).unwrap();
            assert_eq!(json["kind"], event.kind.name());
            assert_eq!(json["cursor"], "3.9.000000ab");
            assert_eq!(serde_json::from_value::<SessionEvent>(json).unwrap(), event);
        }
    }
}
