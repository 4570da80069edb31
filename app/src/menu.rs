//! What stands in a menu.

use leptos::prelude::*;

use crate::icon::{Icon, IconName};
use crate::popover;

/// One thing that can be done. The menu closes first: what is done then may ask for the focus, and a dialog
/// gives it back to what had it before, which must not be an item that is hidden by then.
#[component]
pub(crate) fn MenuItem(
    /// The id of the menu.
    #[prop(into)]
    menu: String,
    icon: IconName,
    act: impl Fn() + 'static,
    /// It takes something away.
    #[prop(optional)]
    danger: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let choose = move |_| {
        popover::close(&menu);
        act();
    };
    view! {
        <button
            type="button"
            class=if danger { "menu-item menu-item-danger" } else { "menu-item" }
            disabled=move || disabled.get()
            on:click=choose
        >
            <Icon name=icon />
            {children()}
        </button>
    }
}
