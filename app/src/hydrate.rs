//! The browser's start.

use crate::App;

/// Brings the page that the server rendered to life, with what was typed into it meanwhile (CTX-8).
pub fn hydrate() {
    holdfast_session::install_panic_hook();
    holdfast_session::capture_typed();
    leptos::mount::hydrate_body(App);
}
