//! Controls for developers, shown only where the operator wants them (UX-5): what goes wrong outside the page, made to
//! go wrong, and what this device keeps. A reload ends all of it but the end of a sign-in.

mod functions;
mod journal;
mod line;
mod panel;

use holdfast_session::{SessionOptions, UseSession, developer, use_session};
use leptos::prelude::*;

pub use functions::*;
#[cfg(feature = "hydrate")]
pub(crate) use line::{is_cut, pass};
pub(crate) use panel::DeveloperDialog;

use crate::icon::{Icon, IconName};
use crate::setup::has_developer_controls;

/// What is switched on in this page.
#[derive(Clone, Copy)]
pub(crate) struct DeveloperControls {
    session: UseSession,
    open: RwSignal<bool>,
    offline: RwSignal<bool>,
    slow_ms: RwSignal<u32>,
    full: RwSignal<bool>,
    no_channel: RwSignal<bool>,
}

impl DeveloperControls {
    /// Makes them known to the components below, where there are any.
    pub(crate) fn provide() {
        if has_developer_controls() {
            provide_context(Self {
                session: use_session(SessionOptions::default()),
                open: RwSignal::new(false),
                offline: RwSignal::new(false),
                slow_ms: RwSignal::new(0),
                full: RwSignal::new(false),
                no_channel: RwSignal::new(false),
            });
        }
    }

    /// Those of this page, where there are any.
    pub(crate) fn of_page() -> Option<Self> {
        use_context()
    }

    /// Opens them.
    pub(crate) fn show(self) {
        self.open.set(true);
    }

    /// Without a network, as far as this page's calls go.
    fn set_offline(self, offline: bool) {
        self.offline.set(offline);
        line::cut(offline);
    }

    /// Each call waits for so long before it goes.
    fn set_slow(self, ms: u32) {
        self.slow_ms.set(ms);
        line::slow_down(ms);
    }

    /// The browser's database takes nothing more.
    fn set_full(self, full: bool) {
        self.full.set(full);
        developer::refuse_writes(full);
        if !full {
            self.session.save_now();
        }
    }

    /// Other tabs are heard through the journal only.
    fn close_channel(self) {
        self.no_channel.set(true);
        developer::close_channel(&self.session);
    }

    /// What is switched on, in words; empty where nothing is.
    fn words(self) -> String {
        let on = [
            self.offline.get().then(|| "no network".to_owned()),
            (self.slow_ms.get() > 0)
                .then(|| format!("calls wait {} s", seconds(self.slow_ms.get()))),
            self.full.get().then(|| "storage full".to_owned()),
            self.no_channel.get().then(|| "no channel".to_owned()),
        ];
        on.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// `0.5`, `3`.
fn seconds(ms: u32) -> String {
    format!("{}", f64::from(ms) / 1000.0)
}

/// Says what is switched on, so that nobody takes it for the world.
#[component]
pub(crate) fn DeveloperBar() -> impl IntoView {
    DeveloperControls::of_page().map(|controls| {
        view! {
            <Show when=move || !controls.words().is_empty()>
                <div class="bar" data-tone="state" data-code="developer">
                    <Icon name=IconName::Wrench />
                    <p class="bar-text">{move || format!("Simulated: {}.", controls.words())}</p>
                    <button type="button" class="button-plain" on:click=move |_| controls.show()>
                        "Developer controls"
                    </button>
                </div>
            </Show>
        }
    })
}
