//! The server function of the browser's storage.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::Fault;
use crate::on_page::OnPage;

/// Has the browser throw away all it keeps of this site but its cookies. A database that does not open
/// can be deleted by no page; a server may ask for it.
///
/// # Errors
/// `NotSignedIn`.
#[server(endpoint = "renew_storage", input = Json, output = Json, client = OnPage)]
pub async fn renew_storage() -> Result<(), Fault> {
    use http::{HeaderName, HeaderValue};
    // https://www.w3.org/TR/clear-site-data/
    let name = HeaderName::from_static("clear-site-data");
    expect_context::<leptos_axum::ResponseOptions>()
        .insert_header(name, HeaderValue::from_static("\"storage\""));
    Ok(())
}
