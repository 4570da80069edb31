//! What a person prefers, on every device.

use holdfast_domain::shared::Preferences;
use holdfast_domain::{Error, Result};

use crate::{Backend, Visitor};

impl Backend {
    /// The visitor's preferences; the defaults where none were set.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn preferences(&self, _visitor: &Visitor) -> Result<Preferences> {
        Err(Error::Unavailable)
    }

    /// Sets the visitor's preferences.
    ///
    /// # Errors
    /// `StorageFull`, `Unavailable`.
    pub async fn set_preferences(
        &self,
        _visitor: &Visitor,
        _preferences: &Preferences,
    ) -> Result<()> {
        Err(Error::Unavailable)
    }
}
