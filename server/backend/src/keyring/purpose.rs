//! Keys for one purpose each, of the whole database: what is named or proved by them must stay the same when the
//! master key changes, so each is a row of `keys`. Their first bytes are derived from the first master key.

use holdfast_domain::Result;
use secrecy::{ExposeSecret, SecretBox};
use sqlx::AnyConnection;

use super::{Keyring, Master};
use crate::MasterKey;

/// The row of each, and what it is derived by.
const TOKENS: (&str, &str) = ("purpose:tokens", "holdfast tokens");
const SHARED: (&str, &str) = ("purpose:shared", "holdfast shared keys");
const EMAILS: (&str, &str) = ("purpose:emails", "holdfast email addresses");
const AUDIT: (&str, &str) = ("purpose:audit", "holdfast audit log");
const DESTROYED: (&str, &str) = ("purpose:destroyed", "holdfast destroyed sessions");

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
        for (id, purpose) in [TOKENS, SHARED, EMAILS, AUDIT, DESTROYED] {
            let bytes = SecretBox::new(Box::new(master_key.derive(purpose)));
            keyring.insert_row(connection, &master, id, bytes.expose_secret()).await?;
        }
        Ok(())
    }

    /// Reads them; which one is damaged, where one is.
    pub(crate) async fn read(
        keyring: &Keyring,
        connection: &mut AnyConnection,
    ) -> Result<Self, (&'static str, holdfast_domain::Error)> {
        let mut get = async |(id, _)| match keyring.unwrapped(connection, id).await {
            Ok(bytes) => Ok(*bytes.expose_secret()),
            Err(error) => Err((id, error)),
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
