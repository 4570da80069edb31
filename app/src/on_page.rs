//! Every call of a server function says whose page it comes from (TAB-7): the browser's cookie may be somebody
//! else's by now, and nothing of one account may come to another.

use std::cell::OnceCell;

use holdfast_domain::account::PageOf;
use leptos::prelude::document;
use send_wrapper::SendWrapper;
use server_fn::client::Client;
use server_fn::client::browser::BrowserClient;
use server_fn::error::FromServerFnError;
use server_fn::request::browser::BrowserRequest;
use server_fn::response::browser::BrowserResponse;

/// The header that says it: [`PageOf`] as a text.
pub const PAGE_OF: &str = "x-holdfast-page-of";

/// Of `<html>`; not there where the server could not say.
pub(crate) const ATTRIBUTE: &str = "data-page-of";

thread_local! {
    static HERE: OnceCell<PageOf> = const { OnceCell::new() };
}

/// Whose this page is. In the browser only.
pub(crate) fn page_of() -> PageOf {
    HERE.with(|here| *here.get_or_init(|| holdfast_session::page_of(said())))
}

/// For [`SessionOptions`](holdfast_session::SessionOptions): whose journals are opened, where the page runs.
pub(crate) fn own_page() -> Option<PageOf> {
    cfg!(feature = "hydrate").then(page_of)
}

/// What the server wrote into the document.
fn said() -> Option<PageOf> {
    let written = document().document_element()?.get_attribute(ATTRIBUTE)?;
    PageOf::parse(&written).ok()
}

/// The client of all server functions.
pub struct OnPage;

impl<E: FromServerFnError, I: FromServerFnError, O: FromServerFnError> Client<E, I, O> for OnPage {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, E>> + Send {
        request.headers().set(PAGE_OF, &page_of().to_string());
        SendWrapper::new(async move {
            #[cfg(feature = "hydrate")]
            crate::developer::pass().await.map_err(E::from_server_fn_error)?;
            <BrowserClient as Client<E, I, O>>::send(request).await
        })
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures::Stream<Item = Result<bytes::Bytes, bytes::Bytes>> + Send + 'static,
                impl futures::Sink<bytes::Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}
