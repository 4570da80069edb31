//! Faults that a developer switched on in this page (`developer`).

use std::cell::Cell;

thread_local! {
    static FULL: Cell<bool> = const { Cell::new(false) };
    static NO_CHANNEL: Cell<bool> = const { Cell::new(false) };
}

pub(crate) fn set_full(full: bool) {
    FULL.set(full);
}

/// Whether the browser's database is to refuse writes.
pub(crate) fn is_full() -> bool {
    FULL.get()
}

pub(crate) fn close_channels() {
    NO_CHANNEL.set(true);
}

/// Whether there are no channels.
pub(crate) fn has_no_channel() -> bool {
    NO_CHANNEL.get()
}
