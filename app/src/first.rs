//! What is readable at once, before the program runs and where no program can (UX-2): the server renders
//! the session's name and text, and the rest for readers without JavaScript.
//!
//! In the browser all of it is empty: hydration leaves what the server wrote, and the session takes over
//! when its journal is read.

#[cfg(feature = "ssr")]
mod load;
#[cfg(feature = "ssr")]
mod markup;

use holdfast_domain::account::PageOf;
use holdfast_domain::id::SessionId;
use holdfast_domain::shared::Theme;
use leptos::prelude::use_context;

/// What the server puts into a page; to be provided as a Leptos context for rendering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirstContent {
    /// The session that the address names.
    pub asked: Option<SessionId>,
    /// Whose page it is; `None` where that could not be found out.
    pub page_of: Option<PageOf>,
    /// Their address, where they have one.
    pub email: Option<String>,
    /// The visitor's theme.
    pub theme: Theme,
    /// The session's name.
    pub name: String,
    /// The long text, as HTML inside a `<textarea>`.
    pub text: String,
    /// Fields and links to the other sessions, as HTML inside a `<noscript>`.
    pub rest: String,
}

/// That of this page; empty in the browser.
pub(crate) fn use_first_content() -> FirstContent {
    use_context().unwrap_or_default()
}
