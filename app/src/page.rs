//! The page: its routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::example::Example;
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
                    // The workspace shows the part itself: a field must stay the same one, with
                    // its focus, when the address turns from `/` into the session's own.
                    <Route path=path!("") view=|| () />
                    <Route path=path!("/s/:id") view=|| () />
                    <Route path=path!("/s/:id/history") view=|| () />
                </ParentRoute>
            </Routes>
        </Router>
    }
    .into_any()
}
