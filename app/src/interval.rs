//! How often a page saves: a setting of the operator, carried by the document.

use std::time::Duration;

use holdfast_session::SessionOptions;
use leptos::prelude::*;

/// Of `<html>`; the shell writes it.
const ATTRIBUTE: &str = "data-autosave-seconds";

/// What the operator set; to be provided as a Leptos context for rendering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutosaveInterval {
    /// In seconds.
    pub seconds: u32,
}

/// What the server writes into the document; nothing in the browser, where it is written already.
pub(crate) fn written() -> Option<String> {
    use_context().map(|AutosaveInterval { seconds }| seconds.to_string())
}

/// What the document says, else the session layer's own.
pub(crate) fn autosave_interval() -> Duration {
    let written = if cfg!(feature = "hydrate") {
        let root = document().document_element();
        root.and_then(|root| root.get_attribute(ATTRIBUTE)?.parse().ok())
    } else {
        None
    };
    written.map_or(SessionOptions::default().autosave_interval, Duration::from_secs)
}
