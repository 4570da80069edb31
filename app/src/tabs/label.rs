//! What this tab is called, and how to call it something else.

use holdfast_session::{SessionOptions, use_session};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::focus;

/// The id of the button that shows the label.
const BUTTON: &str = "name-this-tab";

/// A label that becomes an input: Enter or leaving keeps it, Escape brings the old one back.
#[component]
pub(super) fn OwnLabel(
    /// As the other tabs read it.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let editing = RwSignal::new(false);
    let node = NodeRef::<html::Input>::new();
    // Whoever asked to name it goes on typing.
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let keep = move |_| {
        // Escape has closed it already.
        if !editing.get_untracked() {
            return;
        }
        editing.set(false);
        let Some(input) = node.get_untracked() else { return };
        let wanted = input.value();
        let wanted = wanted.trim();
        if !wanted.is_empty() && wanted != label.get_untracked() {
            session.set_label(wanted);
        }
    };
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            // Not the button that gets the focus.
            event.prevent_default();
            keep(());
            focus::on(BUTTON);
        }
        "Escape" => {
            // Not the drawer round it.
            event.prevent_default();
            event.stop_propagation();
            editing.set(false);
            focus::on(BUTTON);
        }
        _ => {}
    };
    view! {
        <Show
            when=move || editing.get()
            fallback=move || {
                view! {
                    <button
                        type="button"
                        class="presence-name presence-rename"
                        id=BUTTON
                        title="Name this tab"
                        on:click=move |_| editing.set(true)
                    >
                        {move || label.get()}
                        " "
                        <span class="muted">"· this tab"</span>
                    </button>
                }
            }
        >
            <input
                class="input presence-name"
                node_ref=node
                aria-label="Name of this tab"
                value=move || label.get_untracked()
                maxlength="60"
                autocomplete="off"
                on:blur=move |_| keep(())
                on:keydown=key
            />
        </Show>
    }
}
