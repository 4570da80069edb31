//! The parts of the session, and what can be done with it.

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos_router::components::A;

use super::{Part, use_part};
use crate::icon::{Icon, IconName};

/// Links to the parts; each has an address.
#[component]
pub(super) fn TabBar() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let shown = use_part();
    let link = move |part: Part| {
        let address = move || session.id.get().map_or_else(|| "/".to_owned(), |id| part.of(id));
        view! {
            <li>
                <A
                    href=address
                    attr:class="tab"
                    attr:aria-current=move || (shown.get() == part).then_some("page")
                >
                    {part.name()}
                </A>
            </li>
        }
    };
    view! {
        <nav class="tabbar" aria-label="This session">
            <div class="tabs">
                <ul>{link(Part::Notes)} {link(Part::History)}</ul>
            </div>
            <div class="tabbar-end">
                <button
                    type="button"
                    class="icon-button panel-button"
                    popovertarget="panel"
                    aria-label="People, tabs and snapshots"
                >
                    <Icon name=IconName::Panel />
                </button>
            </div>
        </nav>
    }
}
