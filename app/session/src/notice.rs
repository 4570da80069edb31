//! What the person should be told once, in words of the page.

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
    /// The session asked for is not on this device and the server does not answer; a local one was
    /// opened instead.
    NotReachable {
        /// The one asked for.
        asked: SessionId,
        /// The one that is open now.
        opened: SessionId,
    },
    /// The server no longer knows a session it once acknowledged changes of:
    /// [`crate::UseSession::create_again`] creates it there again from this device.
    LostOnServer {
        /// The session.
        session: SessionId,
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
