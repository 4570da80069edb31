//! Copying for the person.

use leptos::prelude::window;

use crate::toasts::Toasts;

/// Puts a text on the clipboard and says so.
pub(crate) fn copy(text: &str, toasts: Toasts) {
    // Absent on plain-HTTP addresses of a network; asking for it there would throw.
    if !window().is_secure_context() {
        toasts.fail("This browser lets pages copy on secure addresses only.");
        return;
    }
    let _ = window().navigator().clipboard().write_text(text);
    toasts.say("Copied");
}
