//! The line between this page and the server, as a developer wants it.

use std::cell::Cell;

#[cfg(feature = "hydrate")]
use server_fn::error::ServerFnErrorErr;

thread_local! {
    static CUT: Cell<bool> = const { Cell::new(false) };
    static SLOW_MS: Cell<u32> = const { Cell::new(0) };
}

/// Cuts it, or mends it, and says so as the browser does.
pub(super) fn cut(cut: bool) {
    CUT.set(cut);
    #[cfg(feature = "hydrate")]
    if let Ok(event) = web_sys::Event::new(if cut { "offline" } else { "online" }) {
        // Only an event that is being dispatched already is refused.
        let _ = leptos::prelude::window().dispatch_event(&event);
    }
}

/// Every call waits for so long.
pub(super) fn slow_down(ms: u32) {
    SLOW_MS.set(ms);
}

/// Whether no call gets through.
#[cfg(feature = "hydrate")]
pub(crate) fn is_cut() -> bool {
    CUT.get()
}

/// What a call meets before it goes.
#[cfg(feature = "hydrate")]
pub(crate) async fn pass() -> Result<(), ServerFnErrorErr> {
    let ms = SLOW_MS.get();
    if ms > 0 {
        gloo_timers::future::TimeoutFuture::new(ms).await;
    }
    match is_cut() {
        true => Err(ServerFnErrorErr::Request("cut by a developer".into())),
        false => Ok(()),
    }
}
