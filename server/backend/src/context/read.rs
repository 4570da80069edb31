//! Reading the context as JSON.

use holdfast_domain::context::Entries;
use holdfast_domain::id::SessionId;
use holdfast_domain::{Context, Result};
use serde_json::Value;

use crate::{Backend, Visitor};

impl Backend {
    /// The whole context as a JSON object.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn context_json(&self, visitor: &Visitor, session: SessionId) -> Result<Value> {
        self.read_context(visitor, session, Context::to_json).await
    }

    /// The whole context by path.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn context_entries(&self, visitor: &Visitor, session: SessionId) -> Result<Entries> {
        self.read_context(visitor, session, Context::entries).await
    }

    async fn read_context<T: Send + 'static>(
        &self,
        visitor: &Visitor,
        session: SessionId,
        read: fn(&Context) -> T,
    ) -> Result<T> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        drop(connection);
        self.store.with_document(&row, move |context, _| read(context)).await
    }
}
