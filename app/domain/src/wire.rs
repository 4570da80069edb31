//! Messages between browser and server, and their envelope.
//!
//! Envelope: the bytes `HF`, the format version as `u16` little-endian, then the body in
//! [postcard](https://postcard.jamesmunns.com/wire-format). A reader that meets another version
//! answers [`Error::UnsupportedVersion`] and touches nothing.

use serde::Deserialize;
use serde::{Serialize, de::DeserializeOwned};

use crate::id::{BatchId, IncarnationId, SessionId};
use crate::session::{SessionMeta, SessionState};
use crate::snapshot::SnapshotRequest;
use crate::{Error, Result};

/// The format version this build writes, and the only one there is. A build that writes the next one
/// reads this one as well: what an old tab left in the journal is handed over, not left alone. And it
/// takes an old tab for one of another build (`Event::OtherBuild`): that understands nothing of what it
/// says (TAB-6).
pub const FORMAT: u16 = 1;
const MAGIC: [u8; 2] = *b"HF";

/// Puts a message into its envelope.
pub fn seal<T: Serialize>(body: &T) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    // Serialising our own plain types into memory has no failure that a caller could meet.
    postcard::to_extend(body, bytes).unwrap_or_default()
}

/// Takes a message out of its envelope.
pub fn open<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let [b'H', b'F', low, high, body @ ..] = bytes else {
        return Err(Error::malformed("not a Holdfast message"));
    };
    let got = u16::from_le_bytes([*low, *high]);
    if got != FORMAT {
        return Err(Error::UnsupportedVersion { got, supported: FORMAT });
    }
    let (message, rest) =
        postcard::take_from_bytes(body).map_err(|_| Error::malformed("message body"))?;
    if !rest.is_empty() {
        return Err(Error::malformed("bytes after the message"));
    }
    Ok(message)
}

/// How far a browser has the server's log of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The database's life in which `seq` was given. After a restore from a backup it differs, and
    /// both sides send everything they have.
    pub incarnation: IncarnationId,
    /// Everything up to and including this row is here.
    pub seq: i64,
}

/// One thing to save, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveItem {
    /// A Yjs update (encoding version 1). The server keeps each whole, exactly once.
    Update(#[serde(with = "bytes")] Vec<u8>),
    /// A snapshot of everything before it.
    Snapshot(SnapshotRequest),
}

/// Client to server: what to save, and what the client has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveRequest {
    /// The session.
    pub session: SessionId,
    /// The client's name for this save; the reply repeats it.
    pub batch: BatchId,
    /// What to save, possibly nothing (then it is a pull); at most `limits::REQUEST_ITEMS`.
    #[serde(deserialize_with = "items::deserialize")]
    pub items: Vec<SaveItem>,
    /// What the client has of the server's log; `None`: nothing.
    pub have: Option<Position>,
    /// With it an unknown session is created; without it, it is [`Error::NotFound`].
    /// The name is taken over where it differs from the stored one and `rename` is set.
    pub create: Option<SessionMeta>,
    /// The name in `create` is a rename by the person.
    pub rename: bool,
    /// A person did something since the last save.
    pub active: bool,
    /// Answer with the server's state vector, so that the client can send the whole difference.
    pub want_state_vector: bool,
}

/// What became of the items of a save. All of them, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveOutcome {
    /// Committed to the database (or already there).
    Acked,
    /// The items build on changes that the server does not have (it was restored from an older
    /// copy, or a row was damaged): send the difference to `News::state_vector`.
    MissingDependency,
    /// Item `index` is refused and will be again. Nothing of this save was kept.
    Refused {
        /// Position in `SaveRequest::items`.
        index: u32,
        /// Why.
        error: WireError,
    },
}

/// An [`Error`] in a postcard message, which has no self-describing enums: code and words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireError {
    /// [`Error::code`].
    pub code: String,
    /// Words for the person.
    pub message: String,
}

impl From<&Error> for WireError {
    fn from(error: &Error) -> Self {
        Self { code: error.code().into(), message: error.to_string() }
    }
}

/// Server to client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveReply {
    /// As in the request.
    pub batch: BatchId,
    /// What became of the items.
    pub outcome: SaveOutcome,
    /// What the client did not have.
    pub news: News,
}

/// Updates that the client did not have, except those of the same request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// To apply in order.
    pub updates: Vec<LogUpdate>,
    /// With them applied, the client is here.
    pub position: Position,
    /// There is more than fitted into this answer: ask again from `position`.
    pub more: bool,
    /// The session's name as stored.
    pub name: String,
    /// The session's state as stored.
    pub state: SessionState,
    /// The server's state vector (Yjs encoding version 1), where asked for, where the client's
    /// incarnation differs, and with [`SaveOutcome::MissingDependency`].
    pub state_vector: Option<WireBytes>,
}

/// An update of the server's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogUpdate {
    /// A Yjs update (encoding version 1).
    #[serde(with = "bytes")]
    pub update: Vec<u8>,
    /// A restore or the undo of one made it. `false` where that is not known any more: in a base, or
    /// in what a journal kept.
    pub restored: bool,
}

impl LogUpdate {
    /// As somebody edited.
    pub fn edited(update: Vec<u8>) -> Self {
        Self { update, restored: false }
    }
}

/// Bytes that serde writes as one block rather than one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WireBytes(#[serde(with = "bytes")] pub Vec<u8>);

impl From<Vec<u8>> for WireBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

mod items {
    //! The items of a save, no more than a request may have: two bytes make one, so that the whole list
    //! could take thirty times the memory of the request before anybody counts.

    use serde::de::{Deserializer, Error, SeqAccess, Visitor};

    use super::SaveItem;
    use crate::limits::REQUEST_ITEMS;

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<SaveItem>, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Vec<SaveItem>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "at most {REQUEST_ITEMS} items")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
                let announced = from.size_hint().unwrap_or(0);
                if announced > REQUEST_ITEMS {
                    return Err(A::Error::invalid_length(announced, &self));
                }
                let mut items = Vec::with_capacity(announced.min(1024));
                while let Some(item) = from.next_element()? {
                    if items.len() == REQUEST_ITEMS {
                        return Err(A::Error::invalid_length(items.len() + 1, &self));
                    }
                    items.push(item);
                }
                Ok(items)
            }
        }
        from.deserialize_seq(Items)
    }
}

mod bytes {
    //! `Vec<u8>` as serde bytes: one length and one copy instead of a number per byte.

    use serde::de::{Deserializer, Visitor};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        from.deserialize_byte_buf(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::REQUEST_ITEMS;

    #[test]
    fn sync_5_more_items_than_a_request_has_are_not_read() {
        let request = |items| SaveRequest {
            session: uuid::Uuid::nil().into(),
            batch: uuid::Uuid::nil().into(),
            items: vec![SaveItem::Update(vec![]); items],
            have: None,
            create: None,
            rename: false,
            active: false,
            want_state_vector: false,
        };
        let most = seal(&request(REQUEST_ITEMS));
        assert_eq!(open::<SaveRequest>(&most).unwrap().items.len(), REQUEST_ITEMS);
        let more = open::<SaveRequest>(&seal(&request(REQUEST_ITEMS + 1)));
        assert_eq!(more.unwrap_err().code(), "malformed");
    }
}
