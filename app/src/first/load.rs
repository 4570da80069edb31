//! Reading it from the backend.

use holdfast_backend::{Backend, Visitor};
use holdfast_domain::Result;
use holdfast_domain::account::Account;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, SessionSummary};
use serde_json::Value;

use super::{FirstContent, markup};
use crate::notes::{TEXT, plain_fields};
use crate::workspace::id_in;

/// A longer text comes with the program only: twice over the wire would be slower than once.
const TEXT_BYTES: usize = 256 * 1024;

impl FirstContent {
    /// What is known of an address without asking anybody.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self { asked: id_in(address), ..Self::default() }
    }

    /// The same for whoever it is.
    #[must_use]
    pub fn of(self, who: Option<&Account>) -> Self {
        let page_of = Some(who.map(|account| account.id).into());
        Self { page_of, email: who.map(|account| account.email.clone()), ..self }
    }

    /// What there is for this visitor beside what is known already. What cannot be read is left out: the program reads it
    /// again and says what is wrong.
    pub async fn load(self, backend: &Backend, visitor: &Visitor) -> Self {
        let theme = backend.preferences(visitor).await.unwrap_or_default().theme;
        let sessions = backend.list_sessions(visitor).await.unwrap_or_default();
        let mut first = Self { theme, ..self };
        let shown = shown(&sessions, first.asked).cloned();
        let Some(shown) = shown else {
            first.rest = markup::account(first.email.as_deref());
            return first;
        };
        let read = first.read(backend, visitor, shown.id).await;
        first.name = shown.name;
        first.rest = markup::account(first.email.as_deref());
        if let Ok(fields) = read {
            first.rest.push_str(&markup::rest(&fields, &sessions, shown.id));
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

/// The session that is asked for, else the most recent active one.
fn shown(sessions: &[SessionSummary], asked: Option<SessionId>) -> Option<&SessionSummary> {
    match asked {
        Some(asked) => sessions.iter().find(|session| session.id == asked),
        None => sessions.iter().find(|session| session.state == SessionState::Active),
    }
}
