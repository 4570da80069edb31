//! What stands open - a form, people and snapshots, the detail of the indicator - stands open again when
//! the session comes back on this device (CTX-11). Menus and the list of sessions do not: they are over
//! with the choice.

use holdfast_session::use_view_state;
use leptos::ev::Event;
use leptos::prelude::*;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;

use crate::popover;

/// The panel of the page that stands open.
#[derive(Clone, Copy)]
pub(crate) struct Panels {
    open: Signal<Option<String>>,
    keep: Callback<Option<String>>,
}

impl Panels {
    /// For everything below. Once the session is read (`ready`), the panel that stood open opens.
    pub(crate) fn provide(ready: Memo<bool>) {
        let (open, keep) = use_view_state("panel", None::<String>);
        provide_context(Self { open, keep });
        Effect::new(move |was_ready: Option<bool>| {
            let ready = ready.get();
            if let Some(id) = open.get_untracked().filter(|_| ready && was_ready != Some(true)) {
                // What the session shows is in its place in the next frame.
                request_animation_frame(move || popover::open(&id));
            }
            ready
        });
    }

    /// To be called when a panel was opened or closed.
    pub(crate) fn toggled() -> impl Fn(Event) + Copy + 'static {
        let panels = use_context::<Self>();
        move |event: Event| {
            let panel = event.current_target().and_then(|panel| panel.dyn_into().ok());
            let (Some(Self { open, keep }), Some(panel)) = (panels, panel) else { return };
            let panel: HtmlElement = panel;
            let (id, kept) = (Some(panel.id()), open.get_untracked());
            match panel.matches(":popover-open").unwrap_or_default() {
                true if kept != id => keep.run(id),
                // Another one may have taken its place.
                false if kept == id => keep.run(None),
                _ => {}
            }
        }
    }
}
