//! The pages, rendered by leptos.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use holdfast_app::{App, FirstContent, ToCookie, shell};
use holdfast_backend::Visitor;
use holdfast_domain::Error;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use leptos::context::{provide_context, use_context};
use leptos::nonce::use_nonce;
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list,
    render_app_async_with_context, render_route_with_context,
};

use super::answer::Refusal;
use super::identity::Who;
use super::{headers, host, identity};
use crate::AppState;

/// How long a page waits for the database: then it opens with what the device has.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// Every route of the app, and words for people who came where there is nothing.
pub(super) fn router(state: &AppState) -> Router<AppState> {
    let routes = generate_route_list(App);
    let page = {
        let routes = routes.clone();
        |state, request| known(routes, state, request)
    };
    Router::new()
        .leptos_routes_with_handler(routes, page)
        .fallback(unknown)
        .layer(from_fn_with_state(state.clone(), first_content))
        .layer(from_fn_with_state(state.clone(), identity::of_visit))
        .layer(from_fn_with_state(state.clone(), host::redirect))
        .layer(from_fn(unstored))
}

/// Somebody wants to read, in a browser.
pub(super) fn is_read(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    matches!(*request.method(), Method::GET | Method::HEAD)
        && accept.is_some_and(|accept| accept.contains("text/html"))
}

async fn known(
    routes: Vec<AxumRouteListing>,
    State(state): State<AppState>,
    request: Request,
) -> Response {
    let document = document(&state);
    let given = state.clone();
    render_route_with_context(routes, move || contexts(&given, None), document)(
        State(state),
        request,
    )
    .await
}

async fn unknown(State(state): State<AppState>, request: Request) -> Response {
    if !is_read(&request) {
        return Refusal(Error::NotFound).into_response();
    }
    let document = document(&state);
    let context = move || contexts(&state, Some(StatusCode::NOT_FOUND));
    render_app_async_with_context(context, document)(request).await
}

fn document(
    state: &AppState,
) -> impl Fn() -> leptos::tachys::view::any_view::AnyView + Clone + Send + Sync + use<> {
    let (options, site) = (state.leptos.clone(), state.site.clone());
    move || leptos::prelude::IntoAny::into_any(shell(options.clone(), &site.assets))
}

/// What components and server functions find while a page is rendered, and its headers.
fn contexts(state: &AppState, status: Option<StatusCode>) {
    functions_context(state);
    provide_context(state.periods);
    let first =
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<FirstContent>().cloned());
    provide_context(first.unwrap_or_default());
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Some(policy) = use_nonce().and_then(|nonce| headers::page_policy(&nonce)) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(status) = status {
        response.set_status(status);
    }
}

/// The backend, and the visitor where one is known.
pub(super) fn functions_context(state: &AppState) {
    provide_context(state.backend.clone());
    provide_context(state.setup);
    let (cookie, backend) = (state.cookie, state.backend.clone());
    provide_context(ToCookie(Arc::new(move |token| cookie.issue(token, backend.now_ms()))));
    provide_context(state.to_mail.clone());
    let visitor =
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<Visitor>().cloned());
    if let Some(visitor) = visitor {
        provide_context(visitor);
    }
}

/// Reads what the page shows before its program runs.
async fn first_content(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = request.uri().path();
    let mut content = FirstContent::at(address);
    if let Some(Who::Said(who)) = request.extensions().get::<Who>() {
        content = content.of(who.as_ref());
    }
    if let Some(visitor) = request.extensions().get::<Visitor>() {
        let read = content.clone().load(&state.backend, visitor);
        if let Ok(read) = tokio::time::timeout(PATIENCE, read).await {
            content = read;
        }
    }
    request.extensions_mut().insert(content);
    next.run(request).await
}

/// A page names files of this build by their hashes; one from a cache would ask for those of another.
async fn unstored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
