//! Notices that go by themselves, at the bottom; some come with an Undo.

use std::sync::Arc;
use std::time::Duration;

use leptos::ev::FocusEvent;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;

use crate::focus;
use crate::icon::{Icon, IconName};
use crate::workspace::SCROLLED;

/// Enough for one glance; more would cover the work.
const AT_MOST: usize = 3;
const PLAIN: Duration = Duration::from_secs(6);
/// For what is to be decided about, or read twice.
const LONG: Duration = Duration::from_secs(15);

/// What undoes. Not a `Callback`: that ends with the component that made it, and a notice
/// outlives the dialog or the row it came from.
type Undo = Arc<dyn Fn() + Send + Sync>;

/// One notice.
#[derive(Clone)]
struct Toast {
    number: u64,
    text: String,
    undo: Option<Undo>,
    failed: bool,
    /// Which part of what goes on is done, where that is known: it stays until all of it is.
    part: Option<RwSignal<Option<f64>>>,
}

/// Something that goes on for a while.
#[derive(Clone, Copy)]
pub(crate) struct GoingOn {
    toasts: Toasts,
    number: u64,
    part: RwSignal<Option<f64>>,
}

impl GoingOn {
    /// So much of it is done, from 0 to 1. When all is sent what remains is the server's work, of which nobody knows
    /// how long it takes.
    pub(crate) fn at(self, part: f64) {
        self.part.try_set(Some(part).filter(|part| *part < 1.0));
    }

    /// It is over.
    pub(crate) fn end(self) {
        self.toasts.dismiss(self.number);
    }
}

/// The notices of the page.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: StoredValue<u64>,
    /// What had the focus before one of them. On the server there is nothing in it: a page may be dropped by
    /// another thread than the one that made it.
    before: StoredValue<Option<SendWrapper<HtmlElement>>>,
}

impl Toasts {
    /// Makes them known to the components below.
    pub(crate) fn provide() -> Self {
        let toasts = Self {
            shown: RwSignal::default(),
            last: StoredValue::default(),
            before: StoredValue::new(None),
        };
        provide_context(toasts);
        toasts
    }

    /// Those of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Something was done.
    pub(crate) fn say(self, text: impl Into<String>) {
        self.add(text.into(), None, false);
    }

    /// Something was done that can be undone.
    pub(crate) fn offer_undo(
        self,
        text: impl Into<String>,
        undo: impl Fn() + Send + Sync + 'static,
    ) {
        self.add(text.into(), Some(Arc::new(undo)), false);
    }

    /// Something was not done; says what is safe.
    pub(crate) fn fail(self, text: impl Into<String>) {
        self.add(text.into(), None, true);
    }

    /// Something has begun and lasts.
    pub(crate) fn go_on(self, text: impl Into<String>) -> GoingOn {
        let part = RwSignal::new(None);
        let number = self.show(Toast {
            number: 0,
            text: text.into(),
            undo: None,
            failed: false,
            part: Some(part),
        });
        GoingOn { toasts: self, number, part }
    }

    fn add(self, text: String, undo: Option<Undo>, failed: bool) {
        let lasting = if undo.is_some() || failed { LONG } else { PLAIN };
        let number = self.show(Toast { number: 0, text, undo, failed, part: None });
        self.expire(number, lasting);
    }

    /// Its number.
    fn show(self, toast: Toast) -> u64 {
        let number = self.last.get_value() + 1;
        self.last.set_value(number);
        self.shown.update(|shown| {
            shown.push(Toast { number, ..toast });
            // What goes on is not pushed out by what was done.
            while shown.len() > AT_MOST
                && let Some(oldest) = shown.iter().position(|toast| toast.part.is_none())
            {
                shown.remove(oldest);
            }
        });
        number
    }

    /// Takes one away when its time is over and nobody looks at it.
    fn expire(self, number: u64, after: Duration) {
        set_timeout(
            move || match are_held() {
                true => self.expire(number, PLAIN),
                false => self.dismiss(number),
            },
            after,
        );
    }

    /// As its own buttons do: the focus goes back to where it came from.
    fn close(self, number: u64) {
        self.dismiss(number);
        let before = self.before.try_update_value(Option::take).flatten();
        match before.filter(|before| before.is_connected()) {
            // Refused only for what cannot have it.
            Some(before) => drop(before.focus()),
            None => focus::now(SCROLLED),
        }
    }

    fn dismiss(self, number: u64) {
        // The page may be gone when its time is over.
        self.shown.try_update(|shown| shown.retain(|toast| toast.number != number));
    }
}

/// The pointer or the focus is on one of them.
fn are_held() -> bool {
    let held = document().query_selector(".toasts:hover, .toasts:focus-within");
    held.is_ok_and(|held| held.is_some())
}

/// Where they are shown.
#[component]
pub(crate) fn ToastList() -> impl IntoView {
    let toasts = Toasts::of_page();
    let enter = move |event: FocusEvent| {
        let left = event.related_target().and_then(|left| left.dyn_into::<HtmlElement>().ok());
        if let Some(left) = left.filter(|left| left.closest(".toasts").is_ok_and(|it| it.is_none()))
        {
            toasts.before.set_value(Some(SendWrapper::new(left)));
        }
    };
    view! {
        <div
            class="toasts"
            role="region"
            aria-label="Notices"
            on:focusin=enter
        >
            <For each=move || toasts.shown.get() key=|toast| toast.number let:toast>
                <OneToast toast=toast />
            </For>
        </div>
    }
}

#[component]
fn OneToast(toast: Toast) -> impl IntoView {
    let toasts = Toasts::of_page();
    let number = toast.number;
    let undo = toast.undo.map(|undo| {
        let run = move |_| {
            toasts.close(number);
            undo();
        };
        view! {
            <button type="button" class="button-plain" on:click=run>
                "Undo"
            </button>
        }
    });
    view! {
        <div class="toast" role=if toast.failed { "alert" } else { "status" }>
            <p class="toast-text">{toast.text.clone()}</p>
            {toast
                .part
                .map(|part| {
                    view! {
                        <progress
                            class="toast-progress"
                            aria-label=toast.text.clone()
                            value=move || part.get().map(|part| part.to_string())
                        ></progress>
                    }
                })}
            {undo}
            <button
                type="button"
                class="icon-button"
                aria-label="Dismiss"
                on:click=move |_| toasts.close(number)
            >
                <Icon name=IconName::Close />
            </button>
        </div>
    }
}
