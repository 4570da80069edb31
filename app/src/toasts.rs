//! Notices that go by themselves, at the bottom; most come with an Undo.

use std::sync::Arc;
use std::time::Duration;

use leptos::ev::FocusEvent;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;

use crate::focus;
use crate::icon::{Icon, IconName};

/// Enough for one glance; more would cover the work.
const AT_MOST: usize = 3;
const PLAIN: Duration = Duration::from_secs(6);
const WITH_ACTION: Duration = Duration::from_secs(15);

/// What a notice offers to do. Not a `Callback`: that ends with the component that made it, and a notice
/// outlives the dialog or the row it came from.
type Act = Arc<dyn Fn() + Send + Sync>;

/// One notice.
#[derive(Clone)]
struct Toast {
    number: u64,
    text: String,
    action: Option<(String, Act)>,
    failed: bool,
}

/// The notices of the page.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: StoredValue<u64>,
    /// The pointer or the focus is on them: they stay.
    held: RwSignal<bool>,
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
            held: RwSignal::default(),
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

    /// Something was done that can be undone or followed up.
    pub(crate) fn offer(
        self,
        text: impl Into<String>,
        action: &str,
        act: impl Fn() + Send + Sync + 'static,
    ) {
        self.add(text.into(), Some((action.into(), Arc::new(act))), false);
    }

    /// Something was not done; says what is safe.
    pub(crate) fn fail(self, text: impl Into<String>) {
        self.add(text.into(), None, true);
    }

    fn add(self, text: String, action: Option<(String, Act)>, failed: bool) {
        let number = self.last.get_value() + 1;
        self.last.set_value(number);
        let lasting = if action.is_some() || failed { WITH_ACTION } else { PLAIN };
        self.shown.update(|shown| {
            shown.push(Toast { number, text, action, failed });
            let surplus = shown.len().saturating_sub(AT_MOST);
            shown.drain(..surplus);
        });
        self.expire(number, lasting);
    }

    /// Takes one away when its time is over and nobody looks at it.
    fn expire(self, number: u64, after: Duration) {
        set_timeout(
            move || match self.held.try_get_untracked() {
                Some(true) => self.expire(number, PLAIN),
                Some(false) => self.dismiss(number),
                None => {}
            },
            after,
        );
    }

    /// As its own buttons do: the focus goes back to where it came from.
    fn close(self, number: u64) {
        self.dismiss(number);
        self.held.set(false);
        let before = self.before.try_update_value(Option::take).flatten();
        match before.filter(|before| before.is_connected()) {
            // Refused only for what cannot have it.
            Some(before) => drop(before.focus()),
            None => focus::now("main"),
        }
    }

    fn dismiss(self, number: u64) {
        self.shown.update(|shown| shown.retain(|toast| toast.number != number));
    }
}

/// Where they are shown.
#[component]
pub(crate) fn ToastList() -> impl IntoView {
    let toasts = Toasts::of_page();
    let hold = move |held| toasts.held.set(held);
    let enter = move |event: FocusEvent| {
        hold(true);
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
            on:pointerenter=move |_| hold(true)
            on:pointerleave=move |_| hold(false)
            on:focusin=enter
            on:focusout=move |_| hold(false)
        >
            <For each=move || toasts.shown.get() key=|toast| toast.number let:toast>
                <OneToast toast=toast />
            </For>
        </div>
    }
    .into_any()
}

#[component]
fn OneToast(toast: Toast) -> impl IntoView {
    let toasts = Toasts::of_page();
    let number = toast.number;
    let action = toast.action.map(|(label, act)| {
        let run = move |_| {
            toasts.close(number);
            act();
        };
        view! {
            <button type="button" class="button-plain" on:click=run>
                {label}
            </button>
        }
    });
    view! {
        <div class="toast" role=if toast.failed { "alert" } else { "status" }>
            <p class="toast-text">{toast.text}</p>
            {action}
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
    .into_any()
}
