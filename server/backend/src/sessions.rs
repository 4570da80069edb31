//! The sessions of an account.

use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionSummary;
use holdfast_domain::{Error, Result};

use crate::{Backend, Visitor};

impl Backend {
    /// The visitor's sessions, most recently used first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list_sessions(&self, _visitor: &Visitor) -> Result<Vec<SessionSummary>> {
        Err(Error::Unavailable)
    }

    /// One session.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn session(&self, _visitor: &Visitor, _session: SessionId) -> Result<SessionSummary> {
        Err(Error::Unavailable)
    }

    /// Gives a session another name.
    ///
    /// # Errors
    /// `InvalidValue`, `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn rename_session(
        &self,
        _visitor: &Visitor,
        _session: SessionId,
        _name: &str,
    ) -> Result<SessionSummary> {
        Err(Error::Unavailable)
    }

    /// Notes that a person uses the session now.
    ///
    /// # Errors
    /// `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn touch_session(&self, _visitor: &Visitor, _session: SessionId) -> Result<()> {
        Err(Error::Unavailable)
    }
}
