//! Ids. All are UUIDs version 7 made by whoever creates the thing, so creation is idempotent and
//! works offline. Written as lower-case hyphenated text everywhere outside binary messages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Environment, Error};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id from the environment's time and randomness.
            pub fn generate(environment: &dyn Environment) -> Self {
                Self(environment.uuid())
            }

            /// The UUID itself.
            pub fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            /// Reads the hyphenated form; anything else is [`Error::InvalidId`].
            fn from_str(text: &str) -> Result<Self, Error> {
                // `try_parse` also takes braces and URNs; one spelling per id keeps URLs canonical.
                if text.len() != 36 {
                    return Err(Error::InvalidId);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| Error::InvalidId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )+};
}

ids! {
    /// A persistent workspace.
    SessionId,
    /// Who owns sessions; a guest has one too.
    AccountId,
    /// One signed-in browser.
    SignInId,
    /// A restore point.
    SnapshotId,
    /// One restore that was done, so that it can be undone.
    RestoreId,
    /// Long work that the server does.
    JobId,
    /// One row of the server's log.
    UpdateId,
    /// One save, as its client names it.
    BatchId,
    /// One page load of one tab (a reload makes a new one).
    TabId,
    /// One life of a database; a database brought back from a backup gets a new one.
    IncarnationId,
}
