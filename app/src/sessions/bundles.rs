//! Copies of sessions, and sessions as files: given out, and made from (SESS-3).

use holdfast_domain::Error;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionSummary;
use holdfast_session::{SessionOptions, UseSession, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{File, HtmlAnchorElement, HtmlInputElement};

use super::functions::duplicate_session;
#[cfg(feature = "hydrate")]
use super::upload::sent;
use crate::focus;
use crate::toasts::Toasts;

/// The field that a file is chosen with, which nobody sees.
const FILE: &str = "import-file";

/// What the page does with sessions as a whole.
#[derive(Clone, Copy)]
pub(crate) struct Bundles {
    session: UseSession,
    toasts: Toasts,
}

impl Bundles {
    /// Those of this page.
    pub(crate) fn of_page() -> Self {
        Self { session: use_session(SessionOptions::default()), toasts: Toasts::of_page() }
    }

    /// Makes a copy, and opens it.
    pub(super) fn duplicate(self, id: SessionId) {
        spawn_local(async move {
            if !self.session.flush().await {
                // The copy is the server's; half of the work is no copy.
                self.toasts
                    .fail("Not copied: the server does not have all of it yet. Try again online.");
                return;
            }
            match duplicate_session(id).await {
                Ok(copy) => self.open(&copy, format!("“{}” is open now", copy.name)),
                Err(error) => self.toasts.fail(format!("Not copied. {}", Error::from(error))),
            }
        });
    }

    /// Gives it out as a file, through the browser's downloads.
    pub(super) fn export(self, id: SessionId) {
        spawn_local(async move {
            if !self.session.flush().await {
                self.toasts.fail(
                    "Not exported: the server does not have all of it yet. Try again online.",
                );
                return;
            }
            if download(&format!("/api/sessions/{id}/export")).is_err() {
                self.toasts.fail("The browser did not allow the download.");
            }
        });
    }

    /// Asks for a file.
    pub(crate) fn ask_for_file(self) {
        if let Some(input) = document().get_element_by_id(FILE) {
            input.unchecked_into::<HtmlInputElement>().click();
        }
    }

    /// Makes a session from a file, and opens it.
    fn import(self, file: File) {
        let going = self.toasts.go_on(format!("Importing “{}”…", file.name()));
        spawn_local(async move {
            let answer = sent(&file, move |part| going.at(part)).await;
            going.end();
            match answer {
                Ok(session) => self.open(&session, format!("“{}” is imported", session.name)),
                Err(reason) => self.toasts.fail(format!("Not imported. {reason}")),
            }
        });
    }

    fn open(self, session: &SessionSummary, said: String) {
        self.session.refresh();
        self.session.open(session.id);
        focus::now(crate::workspace::SCROLLED);
        self.toasts.say(said);
    }
}

fn download(path: &str) -> Result<(), JsValue> {
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(path);
    link.set_download("");
    link.click();
    Ok(())
}

/// No page runs on the server.
#[cfg(not(feature = "hydrate"))]
async fn sent(_: &File, _: impl Fn(f64) + 'static) -> Result<SessionSummary, String> {
    Err(String::new())
}

/// The field for the file; once in a page.
#[component]
pub(crate) fn ImportFile() -> impl IntoView {
    let bundles = Bundles::of_page();
    let chosen = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            bundles.import(file);
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    view! {
        <input
            id=FILE
            type="file"
            accept=".zip,application/zip"
            class="visually-hidden"
            tabindex="-1"
            aria-hidden="true"
            on:change=chosen
        />
    }
}
