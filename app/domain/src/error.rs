//! The one error of the project: each variant has a stable code, an HTTP status and words for the
//! person. Causes (database text, paths) are logged where they happen and never put in here.

use serde::{Deserialize, Serialize};

use crate::bundle::Flaw;

/// Result with the project's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// When to try again what could not be answered now.
const UNAVAILABLE_SECONDS: u64 = 2;

/// What can go wrong, as far as anybody outside may know it.
///
/// Serialised as `{"code": "...", ...}`; [`Error::code`] gives the same word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Error {
    /// The id is not a UUID in its hyphenated form.
    #[error("This is not a valid id.")]
    InvalidId,
    /// No such thing, or it belongs to another account: the answer is the same for both.
    #[error("This does not exist here, or it is not yours.")]
    NotFound,
    /// The request carries no sign-in, or one that no longer stands.
    #[error("You are not signed in on this browser.")]
    NotSignedIn,
    /// The address is nobody's, or the password is another.
    #[error("The email address or the password is wrong.")]
    WrongCredentials,
    /// The browser is signed in to another account than the page that asks was opened for.
    #[error("This browser is signed in to another account now; load the page again.")]
    OtherAccount,
    /// An operator keeps the account from being used.
    #[error("This account is disabled. Ask whoever runs this server.")]
    AccountDisabled,
    /// The account is going to be deleted, and may still be kept.
    #[error("This account is going to be deleted.")]
    AccountDeleting {
        /// When, in server milliseconds since the Unix epoch.
        at_ms: i64,
    },
    /// A link that works once and for a while was used, or its time is over.
    #[error("This link was used already, or its time is over. Ask for a new one.")]
    LinkExpired,
    /// The request did not prove that it comes from our own pages.
    #[error("This request did not come from a page of this site.")]
    CrossSite,
    /// A message of a format version this side does not speak.
    #[error("This needs another version of the app (format {got}, supported {supported}).")]
    UnsupportedVersion {
        /// The version that was read.
        got: u16,
        /// The newest version that is understood here.
        supported: u16,
    },
    /// The bytes are not what they should be. `reason` names the place, never the content.
    #[error("The data could not be read: {reason}.")]
    Malformed {
        /// What was wrong, in words without content.
        reason: String,
    },
    /// A limit of `limits` was exceeded.
    #[error("{what} is over the limit: {actual} of at most {limit}.")]
    LimitExceeded {
        /// Which limit, for example `context bytes`.
        what: String,
        /// The limit, in the unit that `what` names.
        limit: u64,
        /// What was given.
        actual: u64,
    },
    /// The update is well-formed but does not follow the document's schema.
    #[error("The change does not fit the document: {reason}.")]
    Schema {
        /// Which rule of the schema, in words without content.
        reason: String,
    },
    /// The update builds on changes that the receiver does not have.
    #[error("Earlier changes are missing on the other side.")]
    MissingDependency,
    /// The CRDT client id in the update was first used by another account in this session.
    #[error("These changes carry another person's client id.")]
    ForeignClient,
    /// A value has the wrong type or form.
    #[error("{field}: {reason}")]
    InvalidValue {
        /// The field or setting.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The state does not allow this now (for example undoing what was undone).
    #[error("{reason}")]
    Conflict {
        /// Why not.
        reason: String,
    },
    /// There is no active session that could be meant.
    #[error("There is no active session. Create one, or name the one you mean.")]
    NoActiveSession,
    /// What is to be overwritten is not what the request says it is: somebody changed it since it was read.
    #[error("This has changed since you read it. Read it again.")]
    Changed,
    /// The same idempotency key came with another request before.
    #[error("This Idempotency-Key was used for another request.")]
    KeyReused,
    /// A request with this idempotency key is being worked on.
    #[error("A request with this Idempotency-Key is being worked on.")]
    InProgress,
    /// The route is there, and not for this method.
    #[error("This cannot be done here.")]
    MethodNotAllowed,
    /// The body is of a media type that is not read here.
    #[error("This media type is not understood here.")]
    UnsupportedMediaType,
    /// The session is archived, and this would change it.
    #[error("This session is archived. Take it out of the archive to change it.")]
    Archived,
    /// The session was deleted by its owner, who is the only one to learn that there was one.
    #[error("This session was deleted.")]
    Gone {
        /// Until when it can be brought back, server milliseconds since the Unix epoch; `None`: it is
        /// gone for good.
        until_ms: Option<i64>,
    },
    /// The file is not an exported session, or was changed since.
    #[error("This file cannot be imported: {reason}.")]
    BadImport {
        /// What is wrong with it.
        reason: Flaw,
    },
    /// The disk or the quota of the store is full; nothing was changed.
    #[error("Storage is full. Nothing was lost; what is not saved stays where it is.")]
    StorageFull,
    /// Too many requests.
    #[error("Too many requests; try again in {retry_after_ms} ms.")]
    RateLimited {
        /// When to try again, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// The server cannot answer now; a later try may work.
    #[error("The server cannot answer right now.")]
    Unavailable,
    /// A stored part failed its checksum or could not be decrypted and was set aside.
    #[error("A stored part is damaged and was set aside.")]
    Damaged,
    /// Our fault; the log has the cause under the request's id.
    #[error("Something went wrong on the server.")]
    Internal,
}

impl Error {
    /// The stable code, the same word as in the serialised form.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidId => "invalid_id",
            Self::NotFound => "not_found",
            Self::NotSignedIn => "not_signed_in",
            Self::WrongCredentials => "wrong_credentials",
            Self::OtherAccount => "other_account",
            Self::AccountDisabled => "account_disabled",
            Self::AccountDeleting { .. } => "account_deleting",
            Self::LinkExpired => "link_expired",
            Self::CrossSite => "cross_site",
            Self::UnsupportedVersion { .. } => "unsupported_version",
            Self::Malformed { .. } => "malformed",
            Self::LimitExceeded { .. } => "limit_exceeded",
            Self::Schema { .. } => "schema",
            Self::MissingDependency => "missing_dependency",
            Self::ForeignClient => "foreign_client",
            Self::InvalidValue { .. } => "invalid_value",
            Self::Conflict { .. } => "conflict",
            Self::NoActiveSession => "no_active_session",
            Self::Changed => "changed",
            Self::KeyReused => "key_reused",
            Self::InProgress => "in_progress",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::Archived => "archived",
            Self::Gone { .. } => "gone",
            Self::BadImport { .. } => "bad_import",
            Self::StorageFull => "storage_full",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Damaged => "damaged",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status this is answered with.
    pub fn status(&self) -> u16 {
        match self {
            Self::InvalidId | Self::Malformed { .. } | Self::UnsupportedVersion { .. } => 400,
            Self::NotSignedIn | Self::WrongCredentials => 401,
            Self::CrossSite | Self::ForeignClient | Self::AccountDisabled => 403,
            Self::NotFound | Self::NoActiveSession => 404,
            Self::MethodNotAllowed => 405,
            Self::MissingDependency
            | Self::Conflict { .. }
            | Self::OtherAccount
            | Self::Archived
            | Self::InProgress
            | Self::AccountDeleting { .. } => 409,
            Self::LinkExpired | Self::Gone { .. } => 410,
            Self::Changed => 412,
            Self::LimitExceeded { .. } => 413,
            Self::UnsupportedMediaType => 415,
            Self::Schema { .. }
            | Self::InvalidValue { .. }
            | Self::KeyReused
            | Self::BadImport { .. } => 422,
            Self::RateLimited { .. } => 429,
            Self::Damaged | Self::Internal => 500,
            Self::Unavailable => 503,
            Self::StorageFull => 507,
        }
    }

    /// When to try again, in seconds, where trying again is the way: the header `Retry-After`.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_ms } => Some(retry_after_ms.div_ceil(1000)),
            Self::Unavailable | Self::InProgress => Some(UNAVAILABLE_SECONDS),
            _ => None,
        }
    }

    /// Shorthand for [`Error::Malformed`].
    pub fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed { reason: reason.into() }
    }

    /// Shorthand for [`Error::Schema`].
    pub fn schema(reason: impl Into<String>) -> Self {
        Self::Schema { reason: reason.into() }
    }

    /// Shorthand for [`Error::LimitExceeded`].
    pub fn limit(what: &str, limit: usize, actual: usize) -> Self {
        Self::LimitExceeded { what: what.into(), limit: limit as u64, actual: actual as u64 }
    }
}
