//! Native dialogs that follow a signal.

mod caret;

use leptos::ev::{Event, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::Element;
use web_sys::wasm_bindgen::JsCast;

use self::caret::Caret;

/// A modal dialog: open while `open` is true, and `open` becomes false when it is closed by Escape, by a
/// button of a `<form method="dialog">` or by the browser. Focus goes in and comes back by itself.
#[component]
pub(crate) fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// `dialog` and what else its size asks for.
    #[prop(default = "dialog")]
    class: &'static str,
    /// The id of the dialog.
    id: &'static str,
    /// The id of its heading.
    #[prop(optional)]
    labelledby: Option<&'static str>,
    /// The id of what explains it.
    #[prop(optional)]
    describedby: Option<&'static str>,
    /// Its name where it has no heading.
    #[prop(optional)]
    label: Option<&'static str>,
    /// What stands in it; made anew for each opening.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    // On the server there is nothing in it: a page may be dropped by another thread than the one that made it.
    let caret = StoredValue::new(None::<SendWrapper<Caret>>);
    // When the dialog has just been closed: what is typed next is meant for the field.
    let put_back = move || {
        if let Some(caret) = caret.try_update_value(Option::take).flatten() {
            caret.put_back();
        }
    };
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if !open.get() && dialog.open() {
            dialog.close();
            put_back();
        }
    });
    // Begins with the content: a dialog looks for what gets the focus in the moment in which it opens.
    let show = move || {
        Effect::new(move |_| {
            let Some(dialog) = node.get() else { return };
            if !dialog.open() {
                caret.set_value(Caret::here().map(SendWrapper::new));
                // Refused only for a dialog that is not in the page.
                let _ = dialog.show_modal();
            }
        });
    };
    // Comes a moment later: it may have been opened again by then.
    let closed = move |_| {
        if node.get_untracked().is_some_and(|dialog| !dialog.open()) {
            open.set(false);
            put_back();
        }
    };
    // Closing gives the focus back before it says so: what is pressed in between must find it closed.
    let submitted = move |event: SubmitEvent| {
        let form = event.target().and_then(|form| form.dyn_into::<Element>().ok());
        if form.is_some_and(|form| form.get_attribute("method").as_deref() == Some("dialog")) {
            open.set(false);
        }
    };
    view! {
        <dialog
            class=class
            id=id
            node_ref=node
            aria-labelledby=labelledby
            aria-describedby=describedby
            aria-label=label
            on:cancel=move |_: Event| open.set(false)
            on:submit=submitted
            on:close=closed
        >
            <Show when=move || open.get()>{children()} {show()}</Show>
        </dialog>
    }
}
