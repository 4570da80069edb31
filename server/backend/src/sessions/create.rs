//! Creating a session for a program; a browser's comes into being with its first save.

use holdfast_domain::id::{BatchId, SessionId};
use holdfast_domain::session::{SessionMeta, SessionSummary};
use holdfast_domain::wire::SaveRequest;
use holdfast_domain::{Error, Result};

use uuid::Uuid;

use crate::column::column;
use crate::database::failure;
use crate::{Backend, Visitor};

/// A session with what is not in a list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDetail {
    /// As in the list.
    pub summary: SessionSummary,
    /// Grows with every change of its context.
    pub context_version: i64,
    /// The mission it is linked to.
    pub mission: Option<Uuid>,
}

impl Backend {
    /// An id for a session that a program creates without one.
    pub fn new_session_id(&self) -> SessionId {
        SessionId::generate(&*self.store.environment)
    }

    /// One session, with what is not in a list.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `Unavailable`.
    pub async fn session_detail(
        &self,
        visitor: &Visitor,
        session: SessionId,
    ) -> Result<SessionDetail> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, session).await?;
        let summary = row.summary(&self.store, &mut connection).await?;
        let found = sqlx::query("SELECT mission FROM sessions WHERE id = $1")
            .bind(session.to_string())
            .fetch_one(&mut *connection)
            .await
            .map_err(failure)?;
        let mission: Option<String> = column(&found, "mission")?;
        let mission = mission.map(|id| id.parse().map_err(|_| Error::Damaged)).transpose()?;
        Ok(SessionDetail { summary, context_version: row.seq, mission })
    }

    /// Creates a session, unless there is one of this id that is the visitor's: then it is that one, as it is.
    ///
    /// # Errors
    /// `InvalidValue` (name), `NotFound` where another account has this id, `Gone`, `StorageFull`, `Unavailable`.
    pub async fn create_session(
        &self,
        visitor: &Visitor,
        session: SessionId,
        name: &str,
    ) -> Result<SessionSummary> {
        match self.session(visitor, session).await {
            Err(Error::NotFound) => {}
            there => return there,
        }
        let meta = SessionMeta { name: name.to_owned(), created_at_ms: self.now_ms() };
        let request = SaveRequest {
            session,
            batch: BatchId::generate(&*self.store.environment),
            items: Vec::new(),
            have: None,
            create: Some(meta),
            rename: false,
            active: true,
            want_state_vector: false,
        };
        self.save(visitor, request).await?;
        self.session(visitor, session).await
    }
}
