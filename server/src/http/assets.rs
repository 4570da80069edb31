//! The files of the page, inside the program: WASM, JavaScript and styles with hashes in their names, each
//! also compressed.

mod encoding;

use std::borrow::Cow;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use encoding::Encoding;
use holdfast_app::Assets;
use holdfast_domain::Error;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::answer::Refusal;
use crate::AppState;

#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Files;

const FAVICON: &[u8] = include_bytes!("../../assets/favicon.svg");

/// A hash in the name: what is there never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Without one, as `cargo leptos watch` builds them the second time, it does.
const EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The page was not built before the program was.
#[derive(Debug, thiserror::Error)]
#[error("the page is missing: build it with `scripts/build-site.sh`, then this program")]
pub struct SiteMissing;

/// Which files the page is made of.
pub(crate) struct Site {
    pub(crate) assets: Assets,
}

impl Site {
    /// Looks for them by their kinds: their names have hashes.
    pub(crate) fn find() -> Result<Self, SiteMissing> {
        let newest = |kind: &str| {
            let of_kind = Files::iter().filter(|name| name.ends_with(kind));
            // An earlier build's may lie beside it.
            let newest = of_kind
                .max_by_key(|name| Files::get(name).and_then(|file| file.metadata.last_modified()));
            newest.map(|name| format!("/{name}")).ok_or(SiteMissing)
        };
        let assets =
            Assets { style: newest(".css")?, script: newest(".js")?, wasm: newest(".wasm")? };
        Ok(Self { assets })
    }
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/pkg/{*name}", get(file))
        .route("/favicon.svg", get(favicon))
        .route("/favicon.ico", get(async || Redirect::permanent("/favicon.svg")))
}

async fn favicon() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CACHE_CONTROL, A_DAY),
    ];
    (headers, FAVICON)
}

async fn file(Path(name): Path<String>, asked: HeaderMap) -> Response {
    let name = format!("pkg/{name}");
    // A compressed form is no file of its own.
    let plain = (!Encoding::ALL.iter().any(|encoding| name.ends_with(encoding.suffix())))
        .then(|| Files::get(&name))
        .flatten();
    let Some(plain) = plain else { return Refusal(Error::NotFound).into_response() };
    let compressed = Encoding::accepted(&asked).find_map(|encoding| {
        Some((Files::get(&format!("{name}{}", encoding.suffix()))?, Some(encoding)))
    });
    let (file, encoding) = compressed.unwrap_or((plain, None));
    respond(&name, file, encoding, &asked)
}

fn respond(
    name: &str,
    file: EmbeddedFile,
    encoding: Option<Encoding>,
    asked: &HeaderMap,
) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, lasting(name));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Of the compressed bytes where they are sent, so that each form has its own.
    let hash = file.metadata.sha256_hash();
    let tag: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let known = asked.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let known = known.is_some_and(|known| known == "*" || known.contains(&tag));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, content_type(name));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    let body = match file.data {
        Cow::Borrowed(bytes) => axum::body::Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    (headers, body).into_response()
}

/// How long a browser may keep what is under this name, `pkg/holdfast.HASH.js`.
fn lasting(name: &str) -> HeaderValue {
    if name.split('.').count() > 2 { FOR_EVER } else { EACH_TIME }
}

fn content_type(name: &str) -> HeaderValue {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let charset = if kind.type_() == mime_guess::mime::TEXT { "; charset=utf-8" } else { "" };
    HeaderValue::try_from(format!("{kind}{charset}"))
        .unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ops_1_only_what_has_a_hash_in_its_name_is_kept_for_ever() {
        assert_eq!(lasting("pkg/holdfast.xF1dVUBzA1NSYpEc9zVkLQ.js"), FOR_EVER);
        assert_eq!(lasting("pkg/holdfast.js"), EACH_TIME);
    }

    #[test]
    fn ops_1_every_file_of_the_page_is_part_of_the_program() {
        assert!(Site::find().is_ok());
        for name in Files::iter() {
            let file = Files::get(&name).unwrap();
            assert!(matches!(file.data, Cow::Borrowed(_)), "{name} is read when it is asked for");
        }
    }
}
