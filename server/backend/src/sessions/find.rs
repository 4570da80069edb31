//! Finding sessions: by state and by words of their names, some at a time.
//!
//! Names are encrypted, each with its session's key, and nothing of them is beside them that could be searched. So a
//! search opens them, in the order of the list, until it has found enough: ten thousand in some tens of milliseconds,
//! as their keys are in memory after the first time.

use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, SessionSummary};
use holdfast_domain::{Error, Result};

use super::row::SessionRow;
use crate::{Backend, Visitor};

/// Sessions that are looked at by one statement.
const BATCH: i64 = 1000;

/// The most that one page holds.
const MOST: usize = 200;

/// Which sessions are wanted; all of them by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionQuery {
    /// Their names have this in them, whatever the case.
    pub search: String,
    /// They are in this state.
    pub state: Option<SessionState>,
    /// So many, 1 to 200.
    pub limit: usize,
    /// After this place: [`SessionPage::next`] of the page before.
    pub after: Option<String>,
}

/// Some sessions, most recently used first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPage {
    /// The sessions.
    pub sessions: Vec<SessionSummary>,
    /// Where the next page begins; `None`: there is none.
    pub next: Option<String>,
}

/// A place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct After {
    pub(super) active_at: i64,
    pub(super) id: SessionId,
}

impl After {
    fn parse(text: &str) -> Result<Self> {
        let read = || {
            let (active_at, id) = text.split_once('_')?;
            Some(Self { active_at: active_at.parse().ok()?, id: id.parse().ok()? })
        };
        read().ok_or_else(|| Error::malformed("cursor"))
    }

    fn of(session: &SessionSummary) -> Self {
        Self { active_at: session.active_at_ms, id: session.id }
    }

    fn to_text(self) -> String {
        format!("{}_{}", self.active_at, self.id)
    }
}

impl Backend {
    /// A page of the visitor's sessions that are not deleted, most recently used first. A session that is used while
    /// somebody pages goes to the front: it may be seen twice, and none is left out that stays where it is.
    ///
    /// # Errors
    /// `Malformed` (cursor), `NotSignedIn`, `Unavailable`.
    pub async fn find_sessions(
        &self,
        visitor: &Visitor,
        query: &SessionQuery,
    ) -> Result<SessionPage> {
        let wanted = query.search.trim().to_lowercase();
        let limit = query.limit.clamp(1, MOST);
        let mut after = query.after.as_deref().map(After::parse).transpose()?;
        let mut connection = self.store.database.read().await?;
        let mut sessions = Vec::new();
        let Some(account) = self.store.account(&mut connection, visitor).await? else {
            return Ok(SessionPage { sessions, next: None });
        };
        loop {
            let rows =
                SessionRow::page(&mut connection, account, query.state, after, BATCH).await?;
            let keys = rows.iter().map(|row| row.key.as_str());
            self.store.keyring.load(&mut connection, keys).await?;
            let is_last = i64::try_from(rows.len()).is_ok_and(|rows| rows < BATCH);
            for row in rows {
                let summary = row.summary(&self.store, &mut connection).await?;
                after = Some(After::of(&summary));
                if !summary.name.to_lowercase().contains(&wanted) {
                    continue;
                }
                if sessions.len() == limit {
                    let next = sessions.last().map(|last| After::of(last).to_text());
                    return Ok(SessionPage { sessions, next });
                }
                sessions.push(summary);
            }
            if is_last {
                return Ok(SessionPage { sessions, next: None });
            }
        }
    }

    /// The active session that was most recently used by a person.
    ///
    /// # Errors
    /// `NoActiveSession`, `NotSignedIn`, `Unavailable`.
    pub async fn active_session(&self, visitor: &Visitor) -> Result<SessionId> {
        let mut connection = self.store.database.read().await?;
        let account = self.store.account(&mut connection, visitor).await?;
        let account = account.ok_or(Error::NoActiveSession)?;
        let state = Some(SessionState::Active);
        let rows = SessionRow::page(&mut connection, account, state, None, 1).await?;
        rows.first().map(|row| row.id).ok_or(Error::NoActiveSession)
    }
}
