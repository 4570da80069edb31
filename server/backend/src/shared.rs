//! Values an account shares into all of its own active sessions (SYNC-4).

use holdfast_domain::{Error, Result};
use serde_json::Value;

use crate::{Backend, Visitor};

impl Backend {
    /// Writes a value under a key of the root object into all of the visitor's own active sessions,
    /// keeps it for sessions created or reopened later, and says into how many it was written.
    /// `null` removes it everywhere.
    ///
    /// # Errors
    /// `InvalidValue` (key), `LimitExceeded`, `StorageFull`, `Unavailable`.
    pub async fn share(&self, _visitor: &Visitor, _key: &str, _value: Value) -> Result<u32> {
        Err(Error::Unavailable)
    }
}
