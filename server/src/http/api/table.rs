//! Tables, as CSV (RFC 4180) for spreadsheets.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use holdfast_domain::Error;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

/// Some lines of one.
pub(super) fn lines<'a, const N: usize>(
    rows: impl IntoIterator<Item = [&'a str; N]>,
) -> Result<Vec<u8>, Error> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    for row in rows {
        lines.write_record(row).map_err(|_| Error::Internal)?;
    }
    lines.into_inner().map_err(|_| Error::Internal)
}

/// A cell that no spreadsheet runs.
pub(super) fn harmless(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if runs { format!("'{text}") } else { text.to_owned() }
}

/// An answer that is a file of this name.
pub(super) fn file(body: impl Into<Body>, media_type: &'static str, name: &str) -> Response {
    let mut response = body.into().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}

/// The media type of a table.
pub(super) const CSV: &str = "text/csv; charset=utf-8";
