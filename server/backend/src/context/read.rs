//! Reading the context as JSON.

use holdfast_domain::context::Entries;
use holdfast_domain::id::SessionId;
use holdfast_domain::{Context, Result};
use serde_json::Value;

use crate::{Backend, Visitor};

/// The context as it was at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextAt {
    /// The whole of it, a JSON object.
    pub json: Value,
    /// Grows with every change.
    pub version: i64,
}

impl Backend {
    /// The whole context, and its version.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `Unavailable`.
    pub async fn context(&self, visitor: &Visitor, session: SessionId) -> Result<ContextAt> {
        let read = |context: &Context, version| ContextAt { json: context.to_json(), version };
        self.read_context(visitor, session, read).await
    }

    /// The whole context as a JSON object.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `Unavailable`.
    pub async fn context_json(&self, visitor: &Visitor, session: SessionId) -> Result<Value> {
        Ok(self.context(visitor, session).await?.json)
    }

    /// The whole context by path.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `Unavailable`.
    pub async fn context_entries(&self, visitor: &Visitor, session: SessionId) -> Result<Entries> {
        self.read_context(visitor, session, |context, _| context.entries()).await
    }

    async fn read_context<T: Send + 'static>(
        &self,
        visitor: &Visitor,
        session: SessionId,
        read: fn(&Context, i64) -> T,
    ) -> Result<T> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        drop(connection);
        self.store.with_document(&row, read).await
    }
}
