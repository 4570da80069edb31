//! The frame round the work: who and what is where, and in its middle the part that the address names.

mod address;
mod bars;
mod explain;
mod name;
mod place;
mod tabbar;
mod topbar;

use std::sync::Arc;

use holdfast_session::{Notice, SessionOptions, provide_session, provide_transport};
use leptos::either::EitherOf4;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;

pub(crate) use address::{Part, id_in, use_part};
pub(crate) use name::Naming;
pub(crate) use place::SCROLLED;

use self::address::follow;
use self::bars::Bars;
use self::explain::Explain;
use self::place::keep_place;
use self::tabbar::TabBar;
use self::topbar::TopBar;
use crate::accounts::{
    AccountScreen, Screen, SignOutDialog, SigningOut, UseAccount, follow_whose, use_account_screen,
};
use crate::commands::{CommandDialogs, Commands};
use crate::developer::{DeveloperControls, DeveloperDialog};
use crate::first::use_first_content;
use crate::focus;
use crate::jobs::Jobs;
use crate::notes::Notes;
use crate::on_page::own_page;
use crate::panels::Panels;
use crate::periods::autosave_interval;
use crate::reset::{ResetDialog, Resetting};
use crate::sessions::{
    DeleteDialog, Deleting, GoneDialog, GoneSessions, ImportFile, SessionList, Sidebar,
};
use crate::snapshots::{History, Panel, RestoreDialogs, Restoring};
use crate::theme::UseTheme;
use crate::time::provide_now;
use crate::toasts::{ToastList, Toasts};
use crate::transport::ServerFunctions;

/// One session of the page, with everything round it.
#[component]
pub(crate) fn Workspace() -> impl IntoView {
    provide_transport(Arc::new(ServerFunctions));
    provide_now();
    Toasts::provide();
    let address = leptos_router::hooks::use_location().pathname;
    let session = provide_session(SessionOptions {
        autosave_interval: autosave_interval(),
        session: id_in(&address.get_untracked()),
        page_of: own_page(),
        ..SessionOptions::default()
    });
    follow(session);
    Naming::provide();
    Restoring::provide();
    Resetting::provide();
    Deleting::provide();
    GoneSessions::provide();
    UseTheme::provide();
    SessionList::provide();
    UseAccount::provide();
    SigningOut::provide();
    follow_whose();
    DeveloperControls::provide();
    Commands::provide();

    let ready = Memo::new(move |_| session.id.get().is_some() && !session.loading.get());
    let scrolled = keep_place(session, ready);
    Panels::provide(ready);
    // What was asked for and is not there is explained in place of the work.
    let missing = Memo::new(move |_| match session.notice.get() {
        Some(
            Notice::NotFound { asked, .. }
            | Notice::NotReachable { asked, .. }
            | Notice::Gone { asked, .. },
        ) => id_in(&address.get()) == Some(asked),
        _ => false,
    });
    let (part, screen) = (use_part(), use_account_screen());
    let plain = Memo::new(move |_| missing.get() || screen.read().is_some());
    let first = use_first_content().name;
    // The server puts it into the document when the page and its signals may be gone already.
    let named = move || session.name.try_get().filter(|name| !name.is_empty());
    let title = move || match screen
        .try_get()
        .flatten()
        .map(Screen::name)
        .map_or_else(named, |name| Some(name.to_owned()))
    {
        Some(name) => format!("{name} · Holdfast"),
        None if first.is_empty() => "Holdfast".to_owned(),
        None => format!("{first} · Holdfast"),
    };
    // By itself the router would follow the link without moving the focus.
    let skip = |event: MouseEvent| {
        event.prevent_default();
        focus::now(SCROLLED);
    };
    view! {
        <Title text=title />
        <a class="skip-link" href=format!("#{SCROLLED}") on:click=skip>
            "Skip to the work"
        </a>
        <div
            class="shell"
            data-ready=move || ready.get().to_string()
            data-page=move || plain.get().then_some("plain")
        >
            <Sidebar />
            <TopBar />
            <Bars />
            <Show when=move || !plain.get()>
                <TabBar />
            </Show>
            <main class="work" id=SCROLLED tabindex="-1" on:scroll=scrolled>
                <Show when=move || !missing.get() fallback=Explain>
                    {move || match (screen.get(), part.get()) {
                        (Some(screen), _) => EitherOf4::A(view! { <AccountScreen screen=screen /> }),
                        (None, Part::Notes) => EitherOf4::B(view! { <Notes /> }),
                        (None, Part::Jobs) => EitherOf4::C(view! { <Jobs /> }),
                        (None, Part::History) => EitherOf4::D(view! { <History /> }),
                    }}
                </Show>
                <Outlet />
            </main>
            <Show when=move || !plain.get()>
                <Panel />
            </Show>
        </div>
        <ToastList />
        <RestoreDialogs />
        <ResetDialog />
        <DeleteDialog />
        <GoneDialog />
        <ImportFile />
        <SignOutDialog />
        <CommandDialogs />
        <DeveloperDialog />
    }
}
