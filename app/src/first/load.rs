//! Reading it from the backend.

use holdfast_backend::{Backend, Visitor};
use holdfast_domain::Result;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, SessionSummary};
use serde_json::Value;

use super::{FirstContent, markup};
use crate::notes::{TEXT, plain_fields};
use crate::workspace::id_in;

/// A longer text comes with the program only: twice over the wire would be slower than once.
const TEXT_BYTES: usize = 256 * 1024;

impl FirstContent {
    /// What there is for this visitor at an address. What cannot be read is left out: the program reads it
    /// again and says what is wrong.
    pub async fn load(backend: &Backend, visitor: &Visitor, address: &str) -> Self {
        let theme = backend.preferences(visitor).await.unwrap_or_default().theme;
        let sessions = backend.list_sessions(visitor).await.unwrap_or_default();
        let shown = shown(&sessions, address).cloned();
        let mut first = Self { theme, ..Self::default() };
        let Some(shown) = shown else { return first };
        let read = first.read(backend, visitor, shown.id).await;
        first.name = shown.name;
        if let Ok(fields) = read {
            first.rest = markup::rest(&fields, &sessions, shown.id);
        }
        first
    }

    /// Reads the text; the fields are the answer.
    async fn read(
        &mut self,
        backend: &Backend,
        visitor: &Visitor,
        session: SessionId,
    ) -> Result<Vec<(String, String)>> {
        let context = backend.context_json(visitor, session).await?;
        let text = context.get(TEXT).and_then(Value::as_str).unwrap_or_default();
        if !text.is_empty() && text.len() <= TEXT_BYTES {
            self.text = markup::textarea(text);
        }
        Ok(plain_fields(&context))
    }
}

/// The session in the address, else the most recent active one.
fn shown<'a>(sessions: &'a [SessionSummary], address: &str) -> Option<&'a SessionSummary> {
    match id_in(address) {
        Some(asked) => sessions.iter().find(|session| session.id == asked),
        None => sessions.iter().find(|session| session.state == SessionState::Active),
    }
}
