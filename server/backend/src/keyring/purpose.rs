//! Keys for one purpose each, of the whole database: what is named or proved by them must stay the same when the
//! master key changes, so each is a row of `keys`. Their first bytes are derived from the first master key. Without them
//! nothing can be served, so there are two of each: a flipped bit in one costs nothing.

use holdfast_domain::{Error, Result};
use secrecy::{ExposeSecret, SecretBox};
use sqlx::AnyConnection;

use super::{Keyring, Master};
use crate::MasterKey;

/// What it is derived by, and its rows.
struct Purpose(&'static str, [&'static str; 2]);

const TOKENS: Purpose = Purpose("holdfast tokens", ["purpose:tokens", "purpose:tokens:2"]);
const SHARED: Purpose = Purpose("holdfast shared keys", ["purpose:shared", "purpose:shared:2"]);
const EMAILS: Purpose = Purpose("holdfast email addresses", ["purpose:emails", "purpose:emails:2"]);
const AUDIT: Purpose = Purpose("holdfast audit log", ["purpose:audit", "purpose:audit:2"]);
const DESTROYED: Purpose =
    Purpose("holdfast destroyed sessions", ["purpose:destroyed", "purpose:destroyed:2"]);

/// All of them, in the clear.
pub(crate) struct Purposes {
    /// Proves that a token is ours.
    pub(crate) tokens: [u8; 32],
    /// Names shared values without their keys.
    pub(crate) shared: [u8; 32],
    /// Names addresses.
    pub(crate) emails: [u8; 32],
    /// Chains the audit log.
    pub(crate) audit: [u8; 32],
    /// Names destroyed sessions without their ids.
    pub(crate) destroyed: [u8; 32],
}

impl Purposes {
    /// Makes their rows, once in the life of a database.
    pub(crate) async fn store(
        keyring: &Keyring,
        connection: &mut AnyConnection,
        master_key: &MasterKey,
    ) -> Result<()> {
        let master = Master::of(master_key);
        for Purpose(purpose, ids) in [TOKENS, SHARED, EMAILS, AUDIT, DESTROYED] {
            let bytes = SecretBox::new(Box::new(master_key.derive(purpose)));
            for id in ids {
                keyring.insert_row(connection, &master, id, bytes.expose_secret()).await?;
            }
        }
        Ok(())
    }

    /// Reads them; the row of one that cannot be read, where there is one.
    pub(crate) async fn read(
        keyring: &Keyring,
        connection: &mut AnyConnection,
    ) -> Result<Self, (&'static str, Error)> {
        let mut get = async |Purpose(_, [id, second])| {
            let bytes = match keyring.unwrapped(connection, id).await {
                Err(Error::Damaged) => keyring.unwrapped(connection, second).await,
                read => read,
            };
            bytes.map(|bytes| *bytes.expose_secret()).map_err(|error| (id, error))
        };
        Ok(Self {
            tokens: get(TOKENS).await?,
            shared: get(SHARED).await?,
            emails: get(EMAILS).await?,
            audit: get(AUDIT).await?,
            destroyed: get(DESTROYED).await?,
        })
    }
}
