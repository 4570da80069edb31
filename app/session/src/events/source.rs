//! The stream itself: the browser's `EventSource`.

use holdfast_domain::event::{EventKind, SessionEvent};
use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

use crate::browser::Listener;

/// An open stream; dropping it closes it.
pub(super) struct Source {
    inner: EventSource,
    _listeners: Vec<Listener>,
}

impl Source {
    /// Opens it. `on_broken` is called when nothing comes any more: the browser would go on from the wrong place by
    /// itself. `None` where the browser has no event sources, or does not like the address.
    pub(super) fn open(
        url: &str,
        on_event: impl Fn(SessionEvent) + Clone + 'static,
        on_broken: impl Fn() + 'static,
    ) -> Option<Self> {
        let inner = EventSource::new(url).ok()?;
        let mut listeners: Vec<Listener> = EventKind::NAMES
            .into_iter()
            .map(|name| {
                let on_event = on_event.clone();
                Listener::new(&inner, name, move |event: Event| {
                    let text =
                        event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
                    let event = text.and_then(|text| serde_json::from_str(&text).ok());
                    if let Some(event) = event {
                        on_event(event);
                    }
                })
            })
            .collect();
        listeners.push(Listener::new(&inner, "error", move |_| on_broken()));
        Some(Self { inner, _listeners: listeners })
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.inner.close();
    }
}
