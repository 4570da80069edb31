//! The page: its routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::example::Example;
use crate::notes::Notes;
use crate::snapshots::History;
use crate::workspace::Workspace;

/// Everything that runs in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Holdfast" />
        <Router>
            <Routes fallback=|| "There is no such page.">
                <Route path=path!("/example") view=Example />
                <ParentRoute path=path!("") view=Workspace>
                    <Route path=path!("") view=Notes />
                    <Route path=path!("/s/:id") view=Notes />
                    <Route path=path!("/s/:id/history") view=History />
                </ParentRoute>
            </Routes>
        </Router>
    }
    .into_any()
}
