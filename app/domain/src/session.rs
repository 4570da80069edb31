//! A session as lists and headers show it.

mod life;

pub use life::Step;

use serde::{Deserialize, Serialize};

use crate::id::SessionId;
use crate::limits;
use crate::{Error, Result};

/// Where a session is in its life (SESS-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// In use.
    #[default]
    Active,
    /// Finished by its person or its mission.
    Completed,
    /// Nobody came for a day.
    Abandoned,
    /// Put away; read-only.
    Archived,
    /// Deleted, and not gone yet. No list shows it, and nobody is answered from it.
    Deleted,
}

/// One session in a list. Times are server milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionSummary {
    /// The session.
    pub id: SessionId,
    /// Its name, 1 to 255 characters.
    pub name: String,
    /// Where it is in its life.
    pub state: SessionState,
    /// When it was created.
    pub created_at_ms: i64,
    /// When it last changed.
    pub updated_at_ms: i64,
    /// When a person last used it.
    pub active_at_ms: i64,
}

/// A session that was deleted and can still be brought back. Times are server milliseconds since the
/// Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GoneSession {
    /// The session.
    pub id: SessionId,
    /// Its name.
    pub name: String,
    /// When it was deleted.
    pub deleted_at_ms: i64,
    /// From when on it is gone for good.
    pub until_ms: i64,
}

/// What a client says about a session when it saves: enough to create it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionMeta {
    /// The name, 1 to 255 characters.
    pub name: String,
    /// When it was created on the device, milliseconds since the Unix epoch.
    pub created_at_ms: i64,
}

/// Trims a name and checks its length (1 to 255 characters, no control characters).
pub fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    let chars = name.chars().count();
    if chars == 0 || chars > limits::NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Error::InvalidValue {
            field: "name".into(),
            reason: format!("A name has 1 to {} characters.", limits::NAME_CHARS),
        });
    }
    Ok(name.into())
}
