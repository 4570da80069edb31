//! What the tabs of one session say to each other, over BroadcastChannel (TAB-1).

use holdfast_domain::Result;
use holdfast_domain::id::SessionId;
use holdfast_domain::sync::PeerMessage;
use holdfast_domain::wire;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, Event, MessageEvent};

use crate::browser::Listener;
use crate::simulated::has_no_channel;

/// An open channel; dropping it closes it.
pub(crate) struct Channel {
    inner: BroadcastChannel,
    _listener: Listener,
}

impl Channel {
    /// Opens the channel of a session. Messages of another build arrive as `UnsupportedVersion`.
    /// `None` where the browser has no channels.
    pub(crate) fn open(
        profile: &str,
        session: SessionId,
        mut hear: impl FnMut(Result<PeerMessage>) + 'static,
    ) -> Option<Self> {
        if has_no_channel() {
            return None;
        }
        let inner = BroadcastChannel::new(&format!("holdfast.{profile}.{session}")).ok()?;
        let listener = Listener::new(&inner, "message", move |event: Event| {
            let message = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
            if let Some(bytes) = message.and_then(|data| data.dyn_into::<Uint8Array>().ok()) {
                hear(wire::open(&bytes.to_vec()));
            }
        });
        Some(Self { inner, _listener: listener })
    }

    /// Says something to the other tabs.
    pub(crate) fn send(&self, message: &PeerMessage) {
        let bytes = Uint8Array::from(wire::seal(message).as_slice());
        // It fails on a closed channel only, and this one is closed when it is dropped.
        self.inner.post_message(&bytes).ok();
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.close();
    }
}
