//! The top line: which session, and whether it is safe.

use leptos::prelude::*;

use super::name::SessionName;
use crate::icon::{Icon, IconName};
use crate::indicator::Indicator;

/// The top line.
#[component]
pub(super) fn TopBar() -> impl IntoView {
    view! {
        <header class="topbar">
            <button
                type="button"
                class="icon-button menu-button"
                popovertarget="sidebar"
                aria-label="Sessions"
            >
                <Icon name=IconName::Menu />
            </button>
            <SessionName />
            <Indicator />
        </header>
    }
}
