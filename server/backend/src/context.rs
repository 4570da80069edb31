//! Saving and loading the context of a session.

use holdfast_domain::context::Entries;
use holdfast_domain::id::SessionId;
use holdfast_domain::wire::{News, SaveReply, SaveRequest};
use holdfast_domain::{Error, Result};
use serde_json::Value;

use crate::{Backend, Visitor};

impl Backend {
    /// Keeps the items of the request, all or none, and answers after they are committed; with it
    /// comes what the client did not have. The same request again changes nothing.
    ///
    /// # Errors
    /// `NotFound` (unknown and not to be created, or another account's), `InvalidValue` (name),
    /// `LimitExceeded` (request), `StorageFull`, `Unavailable`. What is wrong with an item stands in
    /// the reply's outcome.
    pub async fn save(&self, _visitor: &Visitor, _request: SaveRequest) -> Result<SaveReply> {
        Err(Error::Unavailable)
    }

    /// What somebody who has nothing of the session needs: the newest base and the log after it,
    /// unmerged. Where it is more than one reply holds, `save` without items brings the rest.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn load(&self, _visitor: &Visitor, _session: SessionId) -> Result<News> {
        Err(Error::Unavailable)
    }

    /// The whole context as a JSON object.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn context_json(&self, _visitor: &Visitor, _session: SessionId) -> Result<Value> {
        Err(Error::Unavailable)
    }

    /// The whole context by path.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn context_entries(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
    ) -> Result<Entries> {
        Err(Error::Unavailable)
    }
}
