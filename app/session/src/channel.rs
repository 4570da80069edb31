//! What the tabs of one session say to each other, over BroadcastChannel (TAB-1).

use holdfast_domain::Result;
use holdfast_domain::id::SessionId;
use holdfast_domain::sync::PeerMessage;
use holdfast_domain::wire;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;

use crate::browser::Broadcast;
use crate::simulated::has_no_channel;

/// An open channel; dropping it closes it.
pub(crate) struct Channel(Broadcast);

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
        let inner = Broadcast::open(&format!("holdfast.{profile}.{session}"), move |data| {
            if let Ok(bytes) = data.dyn_into::<Uint8Array>() {
                hear(wire::open(&bytes.to_vec()));
            }
        })?;
        Some(Self(inner))
    }

    /// Says something to the other tabs.
    pub(crate) fn send(&self, message: &PeerMessage) {
        self.0.send(&Uint8Array::from(wire::seal(message).as_slice()).into());
    }
}
