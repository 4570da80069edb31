//! Copying for the person.

use leptos::prelude::window;
use leptos::task::spawn_local;

use crate::toasts::Toasts;

/// Puts a text on the clipboard and says so, or that it could not be done.
pub(crate) fn copy(text: &str, toasts: Toasts) {
    // Absent on plain-HTTP addresses of a network; asking for it there would throw.
    if !window().is_secure_context() {
        toasts.fail("This browser lets pages copy on secure addresses only.");
        return;
    }
    let written = window().navigator().clipboard().write_text(text);
    spawn_local(async move {
        match written.await {
            Ok(_) => toasts.say("Copied"),
            Err(_) => toasts.fail("The browser did not allow copying."),
        }
    });
}
