//! What the person should be told once, in words of the page, and what came of an answer.

use holdfast_domain::Error;
use holdfast_domain::context::Path;
use holdfast_domain::id::SessionId;

/// Something that happened to the session as a whole. The page words it and offers what fits;
/// [`crate::UseSession::dismiss_notice`] takes it away.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The session asked for is unknown or not this person's; another was opened instead.
    NotFound {
        /// The one asked for.
        asked: SessionId,
        /// The one that is open now.
        opened: SessionId,
    },
    /// The session asked for was deleted; another was opened instead.
    Gone {
        /// The one asked for.
        asked: SessionId,
        /// The one that is open now.
        opened: SessionId,
        /// Until when it can be brought back by [`crate::UseSession::step`], server milliseconds since the
        /// Unix epoch; `None`: it is gone for good.
        until_ms: Option<i64>,
    },
    /// The session asked for is not on this device and the server does not answer; a local one was
    /// opened instead.
    NotReachable {
        /// The one asked for.
        asked: SessionId,
        /// The one that is open now.
        opened: SessionId,
    },
    /// The server does not give this browser sessions of which it once acknowledged changes:
    /// [`crate::UseSession::create_again`] creates them there again from this device.
    LostOnServer {
        /// Which.
        sessions: Vec<SessionId>,
        /// It gives this browser no session at all: the sign-in is gone with the cookie, or it is another
        /// database.
        signed_out: bool,
    },
    /// A tab of another build of the app is open, or left changes in the journal that this build
    /// cannot read; they are kept. A reload is offered, once.
    ReloadOffered,
    /// Parts of the journal could not be read and were set aside; the rest is open.
    Damaged {
        /// How many records.
        records: u32,
    },
    /// Another tab sent a change that this build cannot take in; nothing of it was taken.
    Refused {
        /// Why.
        error: Error,
    },
    /// A field is named like a secret. What is in a context is not meant for secrets (SEC-8).
    SecretLike {
        /// The field.
        path: Path,
    },
}

/// What [`crate::UseSession::create_again`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreatedAgain {
    /// So many sessions are on the server again as they were.
    pub same: u32,
    /// So many go on as copies: the server has them under another sign-in, with their snapshots.
    pub copies: u32,
}
