//! The browser's start.

use crate::App;

/// Brings the page that the server rendered to life.
pub fn hydrate() {
    holdfast_session::install_panic_hook();
    leptos::mount::hydrate_body(App);
}
