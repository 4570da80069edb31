//! How the operator runs the server, as far as a person is to see it: carried by the document.

use crate::told::told;

/// Of `<html>`; the shell writes them.
const DEVELOPER: &str = "data-developer";
const INSECURE: &str = "data-insecure";

/// To be provided as a Leptos context for rendering, and for server functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Controls for developers are shown, and work (UX-5).
    pub developer: bool,
    /// The cookie goes over connections that others can read (SEC-2).
    pub insecure: bool,
}

/// Whether there are controls for developers.
pub(crate) fn has_developer_controls() -> bool {
    told::<Setup, bool>(DEVELOPER, |setup| setup.developer).unwrap_or(false)
}

/// Whether others on the network can read what is sent.
pub(crate) fn is_insecure() -> bool {
    told::<Setup, bool>(INSECURE, |setup| setup.insecure).unwrap_or(false)
}
