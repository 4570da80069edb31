//! The page: its routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::path;

/// Everything that runs in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Holdfast" />
        <Router>
            <Routes fallback=|| "There is no such page.">
                <ParentRoute path=path!("") view=Outlet>
                    <Route path=path!("") view=|| () />
                    <Route path=path!("/s/:id") view=|| () />
                    <Route path=path!("/s/:id/history") view=|| () />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
