//! The page: its routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::example::Example;
use crate::icon::{Icon, IconName};
use crate::workspace::Workspace;

/// Everything that runs in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Holdfast" />
        <Router>
            <Routes fallback=NoSuchPage>
                <Route path=path!("/example") view=Example />
                <ParentRoute path=path!("") view=Workspace>
                    // The workspace shows the part itself: a field must stay the same one, with
                    // its focus, when the address turns from `/` into the session's own.
                    <Route path=path!("") view=|| () />
                    <Route path=path!("/s/:id") view=|| () />
                    <Route path=path!("/s/:id/jobs") view=|| () />
                    <Route path=path!("/s/:id/history") view=|| () />
                    <Route path=path!("/sign-in") view=|| () />
                    <Route path=path!("/register") view=|| () />
                    <Route path=path!("/reset") view=|| () />
                    <Route path=path!("/account") view=|| () />
                    <Route path=path!("/account/log") view=|| () />
                    <Route path=path!("/account/statistics") view=|| () />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What an address that leads nowhere shows; the server answers 404 with it.
#[component]
fn NoSuchPage() -> impl IntoView {
    view! {
        <Title text="No such page · Holdfast" />
        <main class="explain explain-page">
            <Icon name=IconName::Search />
            <h1>"There is no such page"</h1>
            <p>"The link may be mistyped. Your sessions are where you left them."</p>
            <p class="explain-actions">
                <a class="button button-primary" href="/">
                    "Open Holdfast"
                </a>
            </p>
        </main>
    }
}
