//! `BroadcastChannel`: what the pages of one browser say to each other.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, Event, MessageEvent};

use super::Listener;

/// An open channel; dropping it closes it.
pub(crate) struct Broadcast {
    inner: BroadcastChannel,
    _listener: Listener,
}

impl Broadcast {
    /// Opens the channel of this name. `None` where the browser has no channels.
    pub(crate) fn open(name: &str, mut hear: impl FnMut(JsValue) + 'static) -> Option<Self> {
        let inner = BroadcastChannel::new(name).ok()?;
        let listener = Listener::new(&inner, "message", move |event: Event| {
            if let Some(message) = event.dyn_ref::<MessageEvent>() {
                hear(message.data());
            }
        });
        Some(Self { inner, _listener: listener })
    }

    /// Says something to the other pages.
    pub(crate) fn send(&self, message: &JsValue) {
        // It fails on a closed channel only, and this one is closed when it is dropped.
        self.inner.post_message(message).ok();
    }
}

impl Drop for Broadcast {
    fn drop(&mut self) {
        self.inner.close();
    }
}
